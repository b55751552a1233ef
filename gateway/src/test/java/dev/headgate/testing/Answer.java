package dev.headgate.testing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as it came over the wire.
 *
 * @param head its start line and fields
 * @param body the content, one character a byte
 * @param trailers the fields after a chunked body
 */
public record Answer(Head head, String body, List<String> trailers) {
  public int status() {
    return head.status();
  }

  /** The value of a field, lines joined by a comma; null where there is none. */
  public @Nullable String field(String name) {
    return head.field(name);
  }
}
