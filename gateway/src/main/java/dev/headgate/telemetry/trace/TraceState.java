package dev.headgate.telemetry.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code tracestate} (W3C Trace Context level 2, section 3.3). Pure. */
final class TraceState {
  private static final int MOST_MEMBERS = 32;
  private static final int LONGEST = 256;

  private TraceState() {}

  /**
   * All lines as one, members in their order and otherwise as they came; null where there is none,
   * or one that is not valid: then nobody's can be trusted to be whole.
   */
  static @Nullable String read(List<String> lines) {
    StringBuilder whole = new StringBuilder();
    int members = 0;
    for (String line : lines) {
      for (String part : line.split(",", -1)) {
        String member = trimmed(part);
        if (member.isEmpty()) {
          continue;
        }
        if (++members > MOST_MEMBERS || !valid(member)) {
          return null;
        }
        whole.append(whole.isEmpty() ? "" : ",").append(member);
      }
    }
    return whole.isEmpty() ? null : whole.toString();
  }

  // Optional white space is blanks and tabs (RFC 9110 section 5.6.3).
  private static String trimmed(String part) {
    int from = 0;
    int to = part.length();
    while (from < to && isBlank(part.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(part.charAt(to - 1))) {
      to--;
    }
    return part.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean valid(String member) {
    int equals = member.indexOf('=');
    return equals > 0
        && validKey(member.substring(0, equals))
        && validValue(member.substring(equals + 1));
  }

  private static boolean validKey(String key) {
    if (key.length() > LONGEST || !isLetterOrDigit(key.charAt(0))) {
      return false;
    }
    return key.chars().allMatch(c -> isLetterOrDigit(c) || "_-*/@".indexOf(c) >= 0);
  }

  private static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private static boolean validValue(String value) {
    return !value.isEmpty()
        && value.length() <= LONGEST
        && value.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '=');
  }
}
