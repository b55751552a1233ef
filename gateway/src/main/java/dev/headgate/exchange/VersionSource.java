package dev.headgate.exchange;

import java.util.Locale;

/** Where the version that serves a request was said. */
public enum VersionSource {
  /** In the path, {@code /v2/users}. */
  PATH,
  /** By a parameter of {@code Accept}. */
  ACCEPT,
  /** By a field of its own. */
  HEADER,
  /** By a query parameter. */
  QUERY,
  /** Nowhere: the route's default serves it. */
  DEFAULT;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The name in lower case, for logs and meters. */
  public String word() {
    return word;
  }
}
