package dev.headgate.policy.cache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists whose members may hold quoted strings (RFC 9110 sections 5.6.1 and 5.6.4). */
final class ListField {
  private ListField() {}

  /**
   * The members of a line, trimmed, without the empty ones; a comma in quotes splits nothing, and
   * quotes that are never closed are none.
   */
  static List<String> members(String line) {
    return members(line, true);
  }

  /** The same of entity tags, in whose quotes a backslash is one (RFC 9110 section 8.8.3). */
  static List<String> tags(String line) {
    return members(line, false);
  }

  private static List<String> members(String line, boolean escapes) {
    List<String> members = new ArrayList<>(4);
    int start = 0;
    int i = 0;
    boolean closed = true;
    while (i < line.length()) {
      char c = line.charAt(i);
      if (c == '"' && closed) {
        int end = endOfQuotes(line, i, escapes);
        closed = end > 0;
        i = Math.max(i, end);
      } else if (c == ',') {
        add(members, line.substring(start, i));
        start = i + 1;
      }
      i++;
    }
    add(members, line.substring(start));
    return members;
  }

  /** Where the quotes are closed that are opened here; -1 for nowhere. */
  private static int endOfQuotes(String line, int open, boolean escapes) {
    for (int i = open + 1; i < line.length(); i++) {
      char c = line.charAt(i);
      if (escapes && c == '\\') {
        i++;
      } else if (c == '"') {
        return i;
      }
    }
    return -1;
  }

  private static void add(List<String> members, String member) {
    String trimmed = member.trim();
    if (!trimmed.isEmpty()) {
      members.add(trimmed);
    }
  }

  /** A quoted string's content, or the text itself; null where the quotes are not in order. */
  static @Nullable String unquoted(String text) {
    if (text.indexOf('"') < 0) {
      return text;
    }
    int last = text.length() - 1;
    if (last < 1 || text.charAt(0) != '"' || text.charAt(last) != '"') {
      return null;
    }
    StringBuilder content = new StringBuilder(last);
    for (int i = 1; i < last; i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return null;
      }
      if (c == '\\') {
        i++;
        if (i == last) {
          return null;
        }
      }
      content.append(text.charAt(i));
    }
    return content.toString();
  }
}
