package dev.headgate.wiring;

import dev.headgate.edge.Drain;
import dev.headgate.edge.Edge;
import dev.headgate.edge.EdgeLimits;
import dev.headgate.edge.Gate;
import dev.headgate.edge.HeadgateGatewayFilterFactory;
import dev.headgate.edge.Overload;
import dev.headgate.edge.StockErrors;
import dev.headgate.edge.TrustedProxies;
import dev.headgate.edge.ViaField;
import dev.headgate.policy.Policies;
import dev.headgate.policy.PolicyChain;
import dev.headgate.policy.RouteContext;
import dev.headgate.reload.ActiveRoutes;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.HttpHandler;
import reactor.core.publisher.Mono;

/** The ports: our edge in Reactor Netty's pipeline, Spring behind it. */
@Configuration(proxyBeanMethods = false)
class EdgeConfiguration {
  @Bean
  Drain drain() {
    return new Drain();
  }

  @Bean
  Listeners listeners() {
    return new Listeners();
  }

  @Bean
  TrustedProxies trustedProxies(HeadgateProperties properties) {
    return TrustedProxies.of(properties.trustedProxies());
  }

  @Bean
  EdgeLimits edgeLimits(HeadgateProperties properties) {
    HeadgateProperties.Http http = properties.http();
    Integer connections = http.maxConnections();
    return new EdgeLimits(
        connections == null ? OpenFiles.connections() : connections,
        http.maxConnectionsPerClient(),
        http.maxRequestsPerConnection(),
        http.maxRequestLine(),
        http.maxHeaders(),
        http.maxHeaderCount(),
        http.headerTimeout(),
        http.tlsHandshakeTimeout(),
        http.proxyProtocolTimeout(),
        http.keepAlive());
  }

  @Bean
  Gate gate(EdgeLimits limits, TrustedProxies proxies) {
    return new Gate(limits, proxies);
  }

  @Bean
  Overload overload(HeadgateProperties properties, EdgeLimits limits) {
    Integer inFlight = properties.overload().maxInFlight();
    return new Overload(
        inFlight == null ? limits.maxConnections() : inFlight,
        properties.overload().maxDirectMemoryPercent());
  }

  @Bean
  DirectMemory directMemory(Overload overload) {
    return new DirectMemory(overload);
  }

  @Bean
  Edge edge(
      ActiveRoutes routes,
      Policies policies,
      TrustedProxies proxies,
      Drain drain,
      Overload overload,
      EdgeLimits limits,
      HeadgateProperties properties,
      Environment environment) {
    PolicyChain unrouted =
        PolicyChain.compile(policies.of(RouteContext.UNROUTED), exchange -> Mono.empty());
    return new Edge(
        routes,
        unrouted,
        proxies,
        drain,
        overload,
        limits,
        StockRoutes.declared(environment),
        new ViaField(Long.toHexString(ThreadLocalRandom.current().nextLong())),
        properties.http().forwardClientCertificate());
  }

  @Bean
  EdgeCustomizer edgeCustomizer(
      Edge edge, Gate gate, EdgeLimits limits, Listeners listeners, HeadgateProperties properties) {
    return new EdgeCustomizer(edge, gate, limits, listeners, properties.http().proxyProtocol());
  }

  @Bean
  MoreListeners moreListeners(
      HeadgateProperties properties,
      AutowireCapableBeanFactory beans,
      ReactorResourceFactory resources,
      ObjectProvider<HttpHandler> handler) {
    return new MoreListeners(properties.listeners(), beans, resources, handler);
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
