package dev.headgate.contract.harness;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request as an upstream received it. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Received(Head head, byte[] body, boolean complete) {
  public String method() {
    return head.word(0);
  }

  /** The request target, byte for byte. */
  public String target() {
    return head.word(1);
  }

  public @Nullable String header(String name) {
    return head.header(name);
  }

  public List<String> headers(String name) {
    return head.headers(name);
  }

  public String text() {
    return new String(body, StandardCharsets.ISO_8859_1);
  }
}
