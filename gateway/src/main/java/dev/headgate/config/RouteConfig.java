package dev.headgate.config;

import org.jspecify.annotations.Nullable;

/**
 * What happens to the requests that match.
 *
 * @param id the key under {@code routes}
 * @param match which requests it takes
 * @param priority higher goes first, before specificity; -1000000 to 1000000, 0 unless written
 * @param target where the answer comes from
 * @param rewrite how the path changes on its way to the upstream; null to leave it
 * @param timeout limits in time
 * @param extensions settings that policies own
 * @param mark where the id was written
 */
public record RouteConfig(
    String id,
    MatchConfig match,
    int priority,
    RouteTarget target,
    @Nullable RewriteConfig rewrite,
    TimeoutConfig timeout,
    Extensions extensions,
    SourceMark mark) {

  /** What one version of the route is, as if it were a route: its own upstream and rewrite. */
  public RouteConfig of(VersioningConfig.Version version) {
    return new RouteConfig(
        id,
        match,
        priority,
        new RouteTarget.ToUpstream(version.upstream()),
        version.rewrite() == null ? rewrite : version.rewrite(),
        timeout,
        extensions,
        mark);
  }
}
