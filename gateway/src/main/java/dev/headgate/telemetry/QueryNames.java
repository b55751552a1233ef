package dev.headgate.telemetry;

import org.jspecify.annotations.Nullable;

/** Query parameters by name only: their values may be secrets. Pure. */
public final class QueryNames {
  private static final String STAR = "*";

  /** What OpenTelemetry's conventions put in a value's place ({@code url.query}). */
  private static final String REDACTED = "REDACTED";

  private QueryNames() {}

  /** The path with the query's names, each followed by {@code =*} where it has a value. */
  public static String only(String path, @Nullable String query) {
    if (query == null) {
      return path;
    }
    StringBuilder shown = new StringBuilder(path.length() + query.length() + 1);
    return append(query, STAR, shown.append(path).append('?')).toString();
  }

  /** The query with each value as {@code REDACTED}. */
  public static String redacted(String query) {
    return append(query, REDACTED, new StringBuilder(query.length() + REDACTED.length()))
        .toString();
  }

  private static StringBuilder append(String query, String instead, StringBuilder shown) {
    boolean value = false;
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      if (c == '&') {
        value = false;
        shown.append(c);
      } else if (!value) {
        value = c == '=';
        shown.append(c).append(value ? instead : "");
      }
    }
    return shown;
  }
}
