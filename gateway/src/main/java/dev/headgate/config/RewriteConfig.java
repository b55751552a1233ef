package dev.headgate.config;

/** How the path changes on its way to the upstream. */
public sealed interface RewriteConfig {
  /** Whether what the service says of its paths is rewritten back on its way to the client. */
  boolean reverse();

  /**
   * A new path.
   *
   * @param template may use the variables and the trailing {@code **} of the route's path
   */
  record Path(String template, boolean reverse) implements RewriteConfig {}

  /**
   * The same path without its beginning.
   *
   * @param prefix whole segments, with a leading slash
   */
  record StripPrefix(String prefix, boolean reverse) implements RewriteConfig {}

  /** The same path, and what the service says of its paths is rewritten back all the same. */
  record Unchanged() implements RewriteConfig {
    @Override
    public boolean reverse() {
      return true;
    }
  }
}
