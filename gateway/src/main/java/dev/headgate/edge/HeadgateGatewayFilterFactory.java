package dev.headgate.edge;

import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.PolicyChain;
import dev.headgate.route.CompiledRoute;
import dev.headgate.route.RouteTable;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Mounts the compiled chain of a Headgate route on a stock Spring Cloud Gateway route: {@code -
 * Headgate=payments}. The chain ends in the Headgate route's own upstream, so the stock route's
 * {@code uri} is not called; {@code no://op} says so. The stock route's other filters apply around
 * it, its predicates decide instead of the Headgate route's {@code match}, and the path goes on as
 * those filters left it. Where the route has versions, header, {@code Accept} and query choose.
 */
public final class HeadgateGatewayFilterFactory
    extends AbstractGatewayFilterFactory<HeadgateGatewayFilterFactory.Config> {
  private final Supplier<@Nullable RouteTable> table;

  public HeadgateGatewayFilterFactory(Supplier<@Nullable RouteTable> table) {
    super(Config.class);
    this.table = table;
  }

  /** What stands behind {@code Headgate=}; filled by Spring's binder. */
  public static final class Config {
    private String route = "";

    public String getRoute() {
      return route;
    }

    public void setRoute(String id) {
      route = id;
    }
  }

  @Override
  public List<String> shortcutFieldOrder() {
    return List.of("route");
  }

  @Override
  public GatewayFilter apply(Config config) {
    String id = config.getRoute();
    return (exchange, rest) -> serve(exchange, id);
  }

  private Mono<Void> serve(ServerWebExchange spring, String id) {
    RouteTable active = table.get();
    CompiledRoute route = active == null ? null : active.route(id);
    MountedExchange mounted = MountedExchange.of(spring, id, route);
    if (route == null) {
      return mounted.write(
          mounted.refused(
              new IllegalStateException("Headgate=" + id + ": there is no such route")));
    }
    PolicyChain chain = VersionedRoutes.mounted(route, mounted.exchange());
    return Mono.defer(() -> chain.run(mounted.exchange()))
        .onErrorResume(error -> Mono.just(mounted.failed(GatewayFailure.from(error))))
        .flatMap(response -> mounted.write(observed(chain, mounted, response)))
        .takeUntilOther(mounted.clientGone())
        .doFinally(signal -> mounted.exchange().ended());
  }

  private static GatewayResponse observed(
      PolicyChain chain, MountedExchange mounted, GatewayResponse response) {
    chain.onResponse(mounted.exchange(), response);
    return response;
  }
}
