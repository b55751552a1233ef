package dev.headgate.policy.cache;

import org.jspecify.annotations.Nullable;

/**
 * What is to be given no more.
 *
 * @param text an authority, a route's id, a tag, or nothing
 * @param path raw; null but for a URL
 * @param query raw, as clients send it; null for none
 * @param soft whether it is to be stale only
 */
record Purge(Kind kind, String text, @Nullable String path, @Nullable String query, boolean soft) {
  /** By what it is named. */
  enum Kind {
    URL,
    ROUTE,
    TAG,
    ALL
  }

  static Purge url(String authority, String path, @Nullable String query, boolean soft) {
    return new Purge(Kind.URL, authority, path, query, soft);
  }

  static Purge route(String id, boolean soft) {
    return new Purge(Kind.ROUTE, id, null, null, soft);
  }

  static Purge everything() {
    return new Purge(Kind.ALL, "", null, null, false);
  }

  static Purge tag(String tag, boolean soft) {
    return new Purge(Kind.TAG, tag, null, null, soft);
  }
}
