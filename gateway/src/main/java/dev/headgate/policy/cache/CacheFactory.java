package dev.headgate.policy.cache;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.EndpointConfig;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import dev.headgate.telemetry.Decisions;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Response caches, for routes with an upstream that have one written. */
public final class CacheFactory implements PolicyFactory {
  private final CacheTools tools;

  /**
   * @param reports hears of calls of a service that no client asked for, when they are over
   */
  public CacheFactory(
      AnswerCache cache,
      Decisions decisions,
      MeterRegistry meters,
      Consumer<GatewayExchange> reports) {
    this.tools =
        new CacheTools(
            cache.store(),
            cache.fills(),
            cache.purging(),
            cache.tier(),
            cache.clock(),
            decisions,
            new CacheMeters(meters, cache.store()),
            reports::accept);
  }

  @Override
  public PolicyStage stage() {
    return PolicyStage.RESPONSE_CACHE;
  }

  @Override
  public List<ConfigKey<?>> routeKeys() {
    return List.of(CacheConfig.KEY);
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    RouteConfig route = context.route();
    UpstreamConfig upstream = context.upstream();
    if (route == null || upstream == null) {
      return Optional.empty();
    }
    CacheConfig config = route.extensions().get(CacheConfig.KEY);
    if (config == null) {
      // What it changes, another route may have kept.
      return Optional.of(new Invalidation(tools));
    }
    Space space = new Space(route.id(), behind(route, upstream), config.query());
    return Optional.of(
        new ResponseCache(config, space, tools, new FillLimit(route.timeout().total())));
  }

  // Endpoints come and go with what is kept: a service is who it is by its id.
  private static String behind(RouteConfig route, UpstreamConfig upstream) {
    String paths =
        upstream.endpoints().stream()
            .map(EndpointConfig::basePath)
            .distinct()
            .sorted()
            .collect(Collectors.joining(" "));
    return upstream.id() + " " + paths + " " + upstream.host() + " " + route.rewrite();
  }
}
