package dev.headgate.policy.accesslog;

import org.jspecify.annotations.Nullable;

/** Query parameters by name only: their values may be secrets. */
final class QueryNames {
  private QueryNames() {}

  /** The path with the query's names, each followed by {@code =*} where it has a value. */
  static String only(String path, @Nullable String query) {
    if (query == null) {
      return path;
    }
    StringBuilder shown = new StringBuilder(path.length() + query.length() + 1);
    shown.append(path).append('?');
    boolean value = false;
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      if (c == '&') {
        value = false;
        shown.append(c);
      } else if (!value) {
        value = c == '=';
        shown.append(value ? "=*" : String.valueOf(c));
      }
    }
    return shown.toString();
  }
}
