package dev.headgate.route;

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

  /** Where the value that starts here ends. */
  static int end(String query, int from) {
    int ampersand = query.indexOf('&', from);
    return ampersand < 0 ? query.length() : ampersand;
  }
}
