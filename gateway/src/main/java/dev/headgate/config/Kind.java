package dev.headgate.config;

import java.util.Collection;
import java.util.Set;

/**
 * One of the two kinds of resources.
 *
 * @param key the top-level key that holds them by id
 * @param one the key under {@code defaults}
 * @param spec one of them
 * @param shared what a block of defaults may say about them
 */
record Kind<T>(String key, String one, ObjectSpec<T> spec, ObjectSpec<Boolean> shared) {
  static Kind<UpstreamConfig> upstreams(Collection<ConfigKey<?>> keys) {
    ObjectSpec<UpstreamConfig> spec = UpstreamSpecs.upstream(keys);
    return new Kind<>("upstreams", "upstream", spec, spec.without(Set.of("endpoints")));
  }

  static Kind<RouteConfig> routes(Collection<ConfigKey<?>> keys) {
    ObjectSpec<RouteConfig> spec = RouteSpecs.route(keys);
    return new Kind<>(
        "routes",
        "route",
        spec,
        spec.without(Set.of("match", "upstream", "redirect", "respond", "versioning")));
  }
}
