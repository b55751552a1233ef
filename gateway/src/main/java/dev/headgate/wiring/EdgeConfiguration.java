package dev.headgate.wiring;

import dev.headgate.edge.Drain;
import dev.headgate.edge.Edge;
import dev.headgate.edge.HeadgateGatewayFilterFactory;
import dev.headgate.edge.StockErrors;
import dev.headgate.edge.TrustedProxies;
import dev.headgate.edge.ViaField;
import dev.headgate.policy.Policies;
import dev.headgate.policy.PolicyChain;
import dev.headgate.policy.RouteContext;
import dev.headgate.reload.ActiveRoutes;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;

/** The port: our edge in Reactor Netty's pipeline, Spring behind it. */
@Configuration(proxyBeanMethods = false)
class EdgeConfiguration {
  @Bean
  Drain drain() {
    return new Drain();
  }

  @Bean
  Listener listener() {
    return new Listener();
  }

  @Bean
  Edge edge(
      ActiveRoutes routes,
      Policies policies,
      HeadgateProperties properties,
      Drain drain,
      Environment environment) {
    PolicyChain unrouted =
        PolicyChain.compile(policies.of(RouteContext.UNROUTED), exchange -> Mono.empty());
    return new Edge(
        routes,
        unrouted,
        TrustedProxies.of(properties.trustedProxies()),
        drain,
        properties.http().keepAlive(),
        StockRoutes.declared(environment),
        new ViaField(Long.toHexString(ThreadLocalRandom.current().nextLong())),
        properties.http().maxHeaders());
  }

  @Bean
  WebServerFactoryCustomizer<NettyReactiveWebServerFactory> edgeCustomizer(
      Edge edge, Listener listener, HeadgateProperties properties) {
    return factory ->
        factory.addServerCustomizers(
            server -> customize(server, edge, listener, properties.http()));
  }

  private static HttpServer customize(
      HttpServer server, Edge edge, Listener listener, HeadgateProperties.Http limits) {
    return edge.in(server)
        .httpRequestDecoder(
            decoder ->
                decoder
                    .maxInitialLineLength(limits.maxRequestLine())
                    .maxHeaderSize(limits.maxHeaders()))
        .doOnBound(listener::bound);
  }

  @Bean
  HeadgateGatewayFilterFactory headgateGatewayFilterFactory(ActiveRoutes routes) {
    return new HeadgateGatewayFilterFactory(routes);
  }

  @Bean
  StockErrors stockErrors() {
    return new StockErrors();
  }
}
