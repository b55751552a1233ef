package dev.headgate.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What has come of one stream so far. */
public final class Http2Reply {
  private final List<Http2Headers> sections = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private long received;
  private boolean ended;
  private @Nullable Http2Error reset;

  void headers(Http2Headers section, boolean last) {
    sections.add(section);
    ended |= last;
  }

  void data(byte[] octets, boolean keep, boolean last) {
    received += octets.length;
    if (keep) {
      body.writeBytes(octets);
    }
    ended |= last;
  }

  void reset(Http2Error error) {
    reset = error;
  }

  /** Whether nothing more can come. */
  public boolean over() {
    return ended || reset != null;
  }

  /** Whether it ended by END_STREAM. */
  public boolean whole() {
    return ended;
  }

  /** The code it was reset with, or null. */
  public @Nullable Http2Error reset() {
    return reset;
  }

  /** The statuses of interim responses. */
  public List<Integer> interim() {
    return sections.stream()
        .filter(Http2Reply::isInterim)
        .map(section -> Integer.parseInt(section.status().toString()))
        .toList();
  }

  private static boolean isInterim(Http2Headers section) {
    return section.status() != null && section.status().charAt(0) == '1';
  }

  private @Nullable Http2Headers last(boolean withStatus) {
    return sections.stream()
        .filter(section -> !isInterim(section) && (section.status() != null) == withStatus)
        .findFirst()
        .orElse(null);
  }

  public boolean hasHead() {
    return last(true) != null;
  }

  /** Of the final response; -1 before it. */
  public int status() {
    Http2Headers head = last(true);
    return head == null ? -1 : Integer.parseInt(head.status().toString());
  }

  /** The value of a response field, lines joined by a comma; null where there is none. */
  public @Nullable String field(String name) {
    return field(last(true), name);
  }

  public @Nullable String trailer(String name) {
    return field(last(false), name);
  }

  private static @Nullable String field(@Nullable Http2Headers section, String name) {
    return section == null || !section.contains(name)
        ? null
        : section.getAll(name).stream()
            .map(CharSequence::toString)
            .collect(Collectors.joining(","));
  }

  /** Names of the response's fields, pseudo-header fields included. */
  public List<String> names() {
    Http2Headers head = last(true);
    return head == null ? List.of() : head.names().stream().map(CharSequence::toString).toList();
  }

  /** One character an octet. */
  public String body() {
    return body.toString(ISO_8859_1);
  }

  /** Octets of content, kept or not. */
  public long received() {
    return received;
  }
}
