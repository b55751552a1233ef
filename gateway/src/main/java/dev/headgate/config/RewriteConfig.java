package dev.headgate.config;

/** How the path changes on its way to the upstream. */
public sealed interface RewriteConfig {
  /**
   * A new path.
   *
   * @param template may use the variables and the trailing {@code **} of the route's path
   */
  record Path(String template) implements RewriteConfig {}

  /**
   * The same path without its beginning.
   *
   * @param prefix whole segments, with a leading slash
   */
  record StripPrefix(String prefix) implements RewriteConfig {}
}
