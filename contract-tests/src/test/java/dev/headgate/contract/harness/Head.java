package dev.headgate.contract.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The start line and the header lines of a message, exactly as they came. */
public record Head(String startLine, List<String> lines) {
  public Head {
    lines = List.copyOf(lines);
  }

  /** The first value of {@code name}, or null. */
  public @Nullable String header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  /** All values of {@code name}, in order, each without the white space around it. */
  public List<String> headers(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    List<String> values = new ArrayList<>();
    for (String line : lines) {
      if (line.toLowerCase(Locale.ROOT).startsWith(prefix)) {
        values.add(line.substring(prefix.length()).strip());
      }
    }
    return values;
  }

  /** The n-th word of the start line: method, target, version or version, status. */
  String word(int n) {
    String[] words = startLine.split(" ", 3);
    return n < words.length ? words[n] : "";
  }
}
