package dev.headgate.policy.cache;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a query tells one answer from another. The service gets the query as it was sent.
 *
 * @param sort whether the order of parameters does not count
 * @param ignore names that do not count; one that ends in {@code *} is a prefix
 * @param only the names that count; empty for all
 */
record QueryRule(boolean sort, List<String> ignore, List<String> only) {
  static final QueryRule AS_SENT = new QueryRule(false, List.of(), List.of());

  /** A query as it is kept under. */
  @Nullable String apply(@Nullable String query) {
    if (query == null || equals(AS_SENT)) {
      return query;
    }
    List<String> kept = new ArrayList<>();
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (counts(equals < 0 ? parameter : parameter.substring(0, equals))) {
        kept.add(parameter);
      }
    }
    if (sort) {
      Collections.sort(kept);
    }
    return kept.isEmpty() ? null : String.join("&", kept);
  }

  private boolean counts(String name) {
    return only.isEmpty() ? !named(ignore, name) : named(only, name);
  }

  private static boolean named(List<String> patterns, String name) {
    for (String pattern : patterns) {
      boolean matches =
          pattern.endsWith("*")
              ? name.startsWith(pattern.substring(0, pattern.length() - 1))
              : name.equals(pattern);
      if (matches) {
        return true;
      }
    }
    return false;
  }
}
