package dev.headgate.config;

import java.util.Collection;
import java.util.List;

/**
 * Reads a whole configuration: every problem of every file at once, and a set only where there is
 * no error. Holds no state; safe for use by several threads.
 */
public final class ConfigLoader {
  private final Kind<RouteConfig> routes;
  private final Kind<UpstreamConfig> upstreams;

  /**
   * @param routeKeys the keys of routes that policies own
   * @param upstreamKeys the keys of upstreams that policies own
   * @throws IllegalArgumentException if two keys of one kind have the same name
   */
  public ConfigLoader(Collection<ConfigKey<?>> routeKeys, Collection<ConfigKey<?>> upstreamKeys) {
    this.routes = Kind.routes(routeKeys);
    this.upstreams = Kind.upstreams(upstreamKeys);
  }

  /** Reads these files, in the order of their names. */
  public LoadResult load(List<ConfigFile> files) {
    return load(files, List.of());
  }

  /**
   * Reads these files, in the order of their names.
   *
   * @param found problems that were met while the files were looked for; they count as the set's
   *     own
   */
  public LoadResult load(List<ConfigFile> files, List<ConfigProblem> found) {
    return new SetLoader(upstreams, routes).load(files, found);
  }
}
