package dev.headgate.edge;

import dev.headgate.policy.PolicyChain;
import dev.headgate.route.RouteTable;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** What all connections of the gateway's port share. */
public final class Edge {
  private static final String NAME = "headgate.edge";

  // What Envoy and HAProxy advise for the public edge.
  private static final long MAX_STREAMS = 100;

  private final Supplier<@Nullable RouteTable> table;
  private final PolicyChain unrouted;
  private final TrustedProxies trustedProxies;
  private final Drain drain;
  private final Overload overload;
  private final EdgeLimits limits;
  private final boolean stockRoutes;
  private final ViaField via;
  private final boolean clientCertificates;

  /**
   * @param table the active table; null before there is one
   * @param unrouted the policies of requests that no route matches
   * @param overload whether new requests are to be refused
   * @param stockRoutes whether paths that the table does not know go on to Spring
   * @param via what this process is called in {@code Via}
   * @param clientCertificates whether services are told the certificate that a client has shown
   */
  public Edge(
      Supplier<@Nullable RouteTable> table,
      PolicyChain unrouted,
      TrustedProxies trustedProxies,
      Drain drain,
      Overload overload,
      EdgeLimits limits,
      boolean stockRoutes,
      ViaField via,
      boolean clientCertificates) {
    this.table = table;
    this.unrouted = unrouted;
    this.trustedProxies = trustedProxies;
    this.drain = drain;
    this.overload = overload;
    this.limits = limits;
    this.stockRoutes = stockRoutes;
    this.via = via;
    this.clientCertificates = clientCertificates;
  }

  /** The same for a port that sends everybody to the other one, which speaks TLS. */
  public Edge redirectingToHttps(int port) {
    RouteTable redirect = HttpsRedirect.table(unrouted, port);
    return new Edge(
        () -> redirect, unrouted, trustedProxies, drain, overload, limits, false, via, false);
  }

  /**
   * The server with the edge in every connection, ahead of Reactor Netty's own handling.
   *
   * @param gate through which connections come in
   * @param proxyProtocol whether they begin with a PROXY header
   */
  public HttpServer in(HttpServer server, Gate gate, boolean proxyProtocol) {
    return server
        .http2Settings(
            settings ->
                settings
                    .maxConcurrentStreams(MAX_STREAMS)
                    .connectProtocolEnabled(true)
                    .maxHeaderListSize(limits.maxHeaders()))
        .doOnChannelInit((observer, channel, remote) -> gate.admit(channel, proxyProtocol, this))
        .childObserve(this::observe);
  }

  /**
   * Puts the edge into a new connection.
   *
   * @param unspoken how long the client may take to say which HTTP it speaks
   */
  void install(Channel channel, Duration unspoken) {
    ChannelPipeline pipeline = channel.pipeline();
    drain.opened(channel);
    Dispatch dispatch = new Dispatch(this, channel);
    channel.attr(Http2ClientConnection.KEY).set(new Http2ClientConnection(this, dispatch));
    SilentConnection.install(pipeline, unspoken);
    if (pipeline.get(NettyPipeline.H2OrHttp11Codec) != null) {
      Alpn.install(pipeline, this);
    } else if (pipeline.get(NettyPipeline.H2CUpgradeHandler) != null) {
      Http2Preface.install(pipeline, this);
    } else if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
      http1(channel);
    }
  }

  /** Puts the edge into a connection that speaks HTTP/1.1. */
  void http1(Channel channel) {
    Dispatch dispatch = channel.attr(Http2ClientConnection.KEY).getAndSet(null).dispatch();
    ChannelPipeline pipeline = channel.pipeline();
    SilentConnection.over(pipeline);
    pipeline.addBefore(NettyPipeline.HttpTrafficHandler, NAME, new Http1Handler(this, dispatch));
    StrictHttp1.install(pipeline, limits.maxHeaderCount());
    HeadTimeout.install(pipeline, limits.headerTimeout());
  }

  // The stream's pipeline is there, and nothing has been read from it.
  private void observe(Connection connection, ConnectionObserver.State state) {
    if (state == ConnectionObserver.State.CONNECTED
        && connection.channel() instanceof Http2StreamChannel stream) {
      Http2ClientConnection parent = stream.parent().attr(Http2ClientConnection.KEY).get();
      stream.pipeline().addFirst(NAME, new Http2StreamHandler(parent));
    }
  }

  @Nullable RouteTable table() {
    return table.get();
  }

  PolicyChain unrouted() {
    return unrouted;
  }

  TrustedProxies trustedProxies() {
    return trustedProxies;
  }

  Drain drain() {
    return drain;
  }

  Overload overload() {
    return overload;
  }

  EdgeLimits limits() {
    return limits;
  }

  ViaField via() {
    return via;
  }

  boolean clientCertificates() {
    return clientCertificates;
  }

  boolean stockRoutes() {
    return stockRoutes;
  }
}
