package dev.headgate.wiring;

import dev.headgate.edge.Edge;
import dev.headgate.edge.EdgeLimits;
import dev.headgate.edge.Gate;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import reactor.netty.http.server.HttpServer;

/** Puts the gate and the edge into every server for clients, the main one and the listeners'. */
final class EdgeCustomizer
    implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, Ordered {
  private final Edge edge;
  private final Gate gate;
  private final EdgeLimits limits;
  private final Listeners listeners;
  private final ProxyProtocol mainProxyProtocol;

  EdgeCustomizer(
      Edge edge,
      Gate gate,
      EdgeLimits limits,
      Listeners listeners,
      ProxyProtocol mainProxyProtocol) {
    this.edge = edge;
    this.gate = gate;
    this.limits = limits;
    this.listeners = listeners;
    this.mainProxyProtocol = mainProxyProtocol;
  }

  /** After Boot's own, whose settings a listener replaces by its own. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  @Override
  public void customize(NettyReactiveWebServerFactory factory) {
    String name = "";
    ProxyProtocol proxyProtocol = mainProxyProtocol;
    Edge behind = edge;
    if (factory instanceof ListenerFactory listener) {
      listener.settle();
      name = listener.name();
      proxyProtocol = listener.properties().proxyProtocol();
      Integer httpsPort = listener.properties().redirectToHttps();
      behind = httpsPort == null ? edge : edge.redirectingToHttps(httpsPort);
    }
    TlsRules.enforce(factory);
    Port port = new Port(name, Ssl.isEnabled(factory.getSsl()), proxyProtocol, behind);
    factory.addServerCustomizers(server -> customize(server, port));
  }

  private record Port(String name, boolean encrypted, ProxyProtocol proxyProtocol, Edge edge) {}

  private HttpServer customize(HttpServer server, Port port) {
    boolean header = port.proxyProtocol() == ProxyProtocol.REQUIRED;
    return port.edge()
        .in(server, gate, header)
        .httpRequestDecoder(
            decoder ->
                decoder
                    .maxInitialLineLength(limits.maxRequestLine())
                    .maxHeaderSize(limits.maxHeaders()))
        .doOnBound(bound -> listeners.bound(port.name(), port.encrypted(), bound));
  }
}
