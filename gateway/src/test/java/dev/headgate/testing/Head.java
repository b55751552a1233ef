package dev.headgate.testing;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The head of a message as it came over the wire.
 *
 * @param startLine without its line end
 * @param fields the lines as they came
 */
public record Head(String startLine, List<String> fields) {
  static Head parse(String text) {
    List<String> lines = text.lines().filter(line -> !line.isEmpty()).toList();
    return new Head(lines.get(0), lines.subList(1, lines.size()));
  }

  public int status() {
    return Integer.parseInt(startLine.split(" ", 3)[1]);
  }

  /** The second word of a request's start line. */
  public String target() {
    return startLine.split(" ", 3)[1];
  }

  /** The value of a field, lines joined by a comma; null where there is none. */
  public @Nullable String field(String name) {
    List<String> values =
        fields.stream()
            .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
            .map(line -> line.substring(name.length() + 1).strip())
            .toList();
    return values.isEmpty() ? null : values.stream().collect(Collectors.joining(","));
  }

  boolean chunked() {
    return "chunked".equalsIgnoreCase(field("transfer-encoding"));
  }

  /** -1 without the field. */
  long contentLength() {
    String value = field("content-length");
    return value == null ? -1 : Long.parseLong(value);
  }
}
