package dev.headgate.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;

/** Fields whose value is a list (RFC 9110 section 5.6.1), over all lines of their name. */
public final class FieldValues {
  private FieldValues() {}

  /** The elements in order, without the empty ones; a comma in a quoted string splits too. */
  public static List<String> of(HttpHeaders headers, CharSequence name) {
    List<String> lines = headers.getAll(name);
    if (lines.isEmpty()) {
      return List.of();
    }
    List<String> elements = new ArrayList<>();
    for (String line : lines) {
      for (String element : line.split(",", -1)) {
        String trimmed = element.trim();
        if (!trimmed.isEmpty()) {
          elements.add(trimmed);
        }
      }
    }
    return elements;
  }

  /** Whether an element equals this one, ignoring case. */
  public static boolean contain(HttpHeaders headers, CharSequence name, String element) {
    return headers.contains(name) && contain(of(headers, name), element);
  }

  private static boolean contain(List<String> elements, String wanted) {
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i).equalsIgnoreCase(wanted)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Adds the name of a request field to {@code Vary} (RFC 9110 section 12.5.5), unless it stands
   * there, or {@code *}, which covers it.
   */
  public static void vary(HttpHeaders response, String field) {
    List<String> present = of(response, HttpHeaderNames.VARY);
    if (present.isEmpty()) {
      response.set(HttpHeaderNames.VARY, field);
    } else if (!contain(present, field) && !present.contains("*")) {
      // One line: some caches read no more than the first.
      response.set(HttpHeaderNames.VARY, String.join(", ", present) + ", " + field);
    }
  }
}
