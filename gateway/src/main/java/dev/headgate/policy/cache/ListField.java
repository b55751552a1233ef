package dev.headgate.policy.cache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists whose members may hold quoted strings (RFC 9110 sections 5.6.1 and 5.6.4). */
final class ListField {
  private ListField() {}

  /** The members of a line, trimmed, without the empty ones; a comma in quotes splits nothing. */
  static List<String> members(String line) {
    List<String> members = new ArrayList<>(4);
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        add(members, line.substring(start, i));
        start = i + 1;
      }
    }
    add(members, line.substring(Math.min(start, line.length())));
    return members;
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
