package dev.headgate.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.LoadResult;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.policy.PathReversal;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.RouteContext;
import java.util.ArrayList;
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
    LoadResult result = load(factory, routeKeys, upstreamKeys);
    assertThat(result.problems()).isEmpty();
    RouteConfig route = Objects.requireNonNull(result.decoded().routes().get("r"));
    UpstreamConfig upstream = Objects.requireNonNull(result.decoded().upstreams().get("u"));
    return factory.create(new RouteContext(route, upstream, reversal, null));
  }

  /** What is wrong with a route that has these keys. */
  public static List<String> problems(PolicyFactory factory, String routeKeys) {
    return problems(factory, routeKeys, "");
  }

  /** What is wrong with a route that has these keys, to an upstream that has those. */
  public static List<String> problems(
      PolicyFactory factory, String routeKeys, String upstreamKeys) {
    return load(factory, routeKeys, upstreamKeys).problems().stream()
        .map(ConfigProblem::message)
        .toList();
  }

  /** The upstream with these keys, in flow style, alone. */
  public static ConfigSet set(PolicyFactory factory, String upstreamKeys) {
    LoadResult result = load(factory, "priority: 0", upstreamKeys);
    assertThat(result.problems()).isEmpty();
    return result.decoded();
  }

  /** What the policy warns of. */
  public static List<ConfigProblem> warnings(PolicyFactory factory, String routeKeys) {
    LoadResult result = load(factory, routeKeys, "");
    assertThat(result.problems()).isEmpty();
    List<ConfigProblem> found = new ArrayList<>();
    factory.check(
        new RouteContext(
            Objects.requireNonNull(result.decoded().routes().get("r")),
            Objects.requireNonNull(result.decoded().upstreams().get("u")),
            null,
            null),
        found::add);
    return found;
  }

  private static LoadResult load(PolicyFactory factory, String routeKeys, String upstreamKeys) {
    String endpoints = upstreamKeys.isEmpty() ? "endpoints: [\"http://u:1\"]" : upstreamKeys;
    String route = routeKeys.contains("match:") ? routeKeys : "match: {path: /**}, " + routeKeys;
    String yaml =
        "upstreams: {u: {%s}}\nroutes: {r: {upstream: u, %s}}\n".formatted(endpoints, route);
    return new ConfigLoader(factory.routeKeys(), factory.upstreamKeys())
        .load(List.of(ConfigFile.of("routes/r.yml", yaml)));
  }
}
