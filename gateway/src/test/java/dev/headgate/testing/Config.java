package dev.headgate.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigKey;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.LoadResult;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.policy.PathReversal;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.RouteContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One route to one upstream, decoded from text as a policy gets it. */
public final class Config {
  private Config() {}

  /** The policy for a route with these keys, in flow style. */
  public static Optional<Policy> policy(PolicyFactory factory, String routeKeys) {
    return policy(factory, routeKeys, "", null);
  }

  /**
   * The policy for a route with these keys to an upstream with those, in flow style.
   *
   * @param reversal of the route's rewrite
   */
  public static Optional<Policy> policy(
      PolicyFactory factory,
      String routeKeys,
      String upstreamKeys,
      @Nullable PathReversal reversal) {
    LoadResult result = load(factory.routeKeys(), routeKeys, upstreamKeys);
    assertThat(result.problems()).isEmpty();
    RouteConfig route = Objects.requireNonNull(result.decoded().routes().get("r"));
    UpstreamConfig upstream = Objects.requireNonNull(result.decoded().upstreams().get("u"));
    return factory.create(new RouteContext(route, upstream, reversal, null));
  }

  /** What is wrong with a route that has these keys. */
  public static List<String> problems(PolicyFactory factory, String routeKeys) {
    return load(factory.routeKeys(), routeKeys, "").problems().stream()
        .map(ConfigProblem::message)
        .toList();
  }

  private static LoadResult load(List<ConfigKey<?>> keys, String routeKeys, String upstreamKeys) {
    String endpoints = upstreamKeys.isEmpty() ? "endpoints: [\"http://u:1\"]" : upstreamKeys;
    String route = routeKeys.contains("match:") ? routeKeys : "match: {path: /**}, " + routeKeys;
    String yaml =
        "upstreams: {u: {%s}}\nroutes: {r: {upstream: u, %s}}\n".formatted(endpoints, route);
    return new ConfigLoader(keys, List.of()).load(List.of(ConfigFile.of("routes/r.yml", yaml)));
  }
}
