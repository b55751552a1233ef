package dev.headgate.contract.harness;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A response as a client received it.
 *
 * @param interim the 1xx heads before it
 * @param complete whether the body ended as its framing promised
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Response(List<Head> interim, Head head, byte[] body, boolean complete) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public int status() {
    return Integer.parseInt(head.word(1));
  }

  public @Nullable String header(String name) {
    return head.header(name);
  }

  /** The value of a header that must be there. */
  public String need(String name) {
    String value = head.header(name);
    if (value == null) {
      throw new AssertionError("no header " + name + " in " + this);
    }
    return value;
  }

  public List<String> headers(String name) {
    return head.headers(name);
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  public JsonNode json() {
    return JSON.readTree(body);
  }

  /** The error's code in the envelope, or in the problem document. */
  public String errorCode() {
    JsonNode json = json();
    return json.has("error") ? json.at("/error/code").asString() : json.path("code").asString();
  }

  @Override
  public String toString() {
    String text = body.length > 2_000 ? text().substring(0, 2_000) + "..." : text();
    return head.startLine() + head.lines() + (complete ? " " : " (incomplete) ") + text;
  }
}
