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
  private final Duration keepAlive;
  private final boolean stockRoutes;
  private final ViaField via;
  private final long maxHeaders;

  /**
   * @param table the active table; null before there is one
   * @param unrouted the policies of requests that no route matches
   * @param keepAlive how long a connection may stay without a request
   * @param stockRoutes whether paths that the table does not know go on to Spring
   * @param via what this process is called in {@code Via}
   * @param maxHeaders octets of a header section in HTTP/2
   */
  public Edge(
      Supplier<@Nullable RouteTable> table,
      PolicyChain unrouted,
      TrustedProxies trustedProxies,
      Drain drain,
      Duration keepAlive,
      boolean stockRoutes,
      ViaField via,
      long maxHeaders) {
    this.table = table;
    this.unrouted = unrouted;
    this.trustedProxies = trustedProxies;
    this.drain = drain;
    this.keepAlive = keepAlive;
    this.stockRoutes = stockRoutes;
    this.via = via;
    this.maxHeaders = maxHeaders;
  }

  /** The server with the edge in every connection, ahead of Reactor Netty's own handling. */
  public HttpServer in(HttpServer server) {
    return server
        .http2Settings(
            settings ->
                settings
                    .maxConcurrentStreams(MAX_STREAMS)
                    .connectProtocolEnabled(true)
                    .maxHeaderListSize(maxHeaders))
        .doOnChannelInit((observer, channel, remote) -> install(channel))
        .childObserve(this::observe);
  }

  private void install(Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    drain.opened(channel);
    Dispatch dispatch = new Dispatch(this, channel);
    channel.attr(Http2ClientConnection.KEY).set(new Http2ClientConnection(this, dispatch));
    SilentConnection.install(pipeline, keepAlive);
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
    StrictHttp1.install(pipeline);
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

  Duration keepAlive() {
    return keepAlive;
  }

  ViaField via() {
    return via;
  }

  boolean stockRoutes() {
    return stockRoutes;
  }
}
