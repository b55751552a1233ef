package dev.headgate.contract.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A message as it came over the wire.
 *
 * @param fields its lines, each {@code name: value}
 * @param complete whether the body ended as its framing promised
 */
record Message(
    String startLine, List<String> fields, String body, List<String> trailers, boolean complete) {
  List<String> values(String name) {
    return values(fields, name);
  }

  List<String> trailerValues(String name) {
    return values(trailers, name);
  }

  private static List<String> values(List<String> lines, String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    List<String> values = new ArrayList<>();
    for (String line : lines) {
      if (line.toLowerCase(Locale.ROOT).startsWith(prefix)) {
        values.add(line.substring(prefix.length()).strip());
      }
    }
    return values;
  }

  /** Of a response. */
  String status() {
    return startLine.substring(9, 12);
  }

  boolean interim() {
    return startLine.startsWith("HTTP/1.1 1") && !status().equals("101");
  }
}
