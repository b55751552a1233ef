package dev.headgate.policy.cors;

import java.util.List;

/**
 * The origins a route allows.
 *
 * @param any every one, {@code null} included
 * @param none the opaque origin, which sandboxed pages and local files send as {@code null}
 */
record AllowedOrigins(boolean any, boolean none, List<OriginPattern> patterns) {
  static final String ANY = "*";
  static final String NULL = "null";

  static AllowedOrigins of(List<String> written) {
    return new AllowedOrigins(
        written.contains(ANY),
        written.contains(NULL),
        written.stream()
            .filter(origin -> !origin.equals(ANY) && !origin.equals(NULL))
            .map(OriginPattern::parse)
            .toList());
  }

  boolean allow(String origin) {
    if (any) {
      return true;
    }
    if (origin.equals(NULL)) {
      return none;
    }
    for (int i = 0; i < patterns.size(); i++) {
      if (patterns.get(i).matches(origin)) {
        return true;
      }
    }
    return false;
  }
}
