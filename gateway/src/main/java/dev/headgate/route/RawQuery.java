package dev.headgate.route;

import org.jspecify.annotations.Nullable;

/**
 * Walks the parameters of a raw query (WHATWG URL, application/x-www-form-urlencoded) without
 * cutting it up.
 */
final class RawQuery {
  private RawQuery() {}

  /**
   * Where the value of the next parameter of this name starts; a parameter without {@code =} has an
   * empty value at its end.
   *
   * @param name in canonical form
   * @param from where a parameter starts
   * @return -1 where there is no further one
   */
  static int find(String query, String name, int from) {
    int length = query.length();
    for (int at = from; at < length; ) {
      int nameEnd = at;
      while (nameEnd < length && query.charAt(nameEnd) != '=' && query.charAt(nameEnd) != '&') {
        nameEnd++;
      }
      boolean hasValue = nameEnd < length && query.charAt(nameEnd) == '=';
      // "a&&b" and "&a" hold empty stretches, which are no parameters.
      if ((nameEnd > at || hasValue) && PercentText.matches(name, query, at, nameEnd, true)) {
        return hasValue ? nameEnd + 1 : nameEnd;
      }
      at = end(query, nameEnd) + 1;
    }
    return -1;
  }

  /**
   * The query without all parameters of this name, the others byte for byte as they were: the same
   * object where there is none of that name, null where there is no other.
   *
   * @param name in canonical form
   */
  static @Nullable String without(String query, String name) {
    int value = find(query, name, 0);
    if (value < 0) {
      return query;
    }
    StringBuilder left = new StringBuilder(query.length());
    int kept = 0;
    int from = 0;
    for (; value >= 0; value = find(query, name, from)) {
      int parameter = query.lastIndexOf('&', value - 1) + 1;
      append(left, query, from, parameter - 1, kept);
      kept += parameter > from ? 1 : 0;
      from = end(query, value) + 1;
    }
    if (from <= query.length()) {
      append(left, query, from, query.length(), kept);
      kept++;
    }
    return kept == 0 ? null : left.toString();
  }

  /** Parameters that stay, with the ampersand that parts them from those before. */
  private static void append(StringBuilder left, String query, int from, int to, int before) {
    if (to >= from) {
      if (before > 0) {
        left.append('&');
      }
      left.append(query, from, to);
    }
  }

  /** Where the value that starts here ends. */
  static int end(String query, int from) {
    int ampersand = query.indexOf('&', from);
    return ampersand < 0 ? query.length() : ampersand;
  }
}
