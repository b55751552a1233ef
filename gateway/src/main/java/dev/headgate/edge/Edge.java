package dev.headgate.edge;

import dev.headgate.policy.PolicyChain;
import dev.headgate.route.RouteTable;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/** What all connections of the gateway's port share. */
public final class Edge {
  private static final String NAME = "headgate.edge";

  private final Supplier<@Nullable RouteTable> table;
  private final PolicyChain unrouted;
  private final TrustedProxies trustedProxies;
  private final Drain drain;
  private final Duration keepAlive;
  private final boolean stockRoutes;

  /**
   * @param table the active table; null before there is one
   * @param unrouted the policies of requests that no route matches
   * @param keepAlive how long a connection may stay without a request
   * @param stockRoutes whether paths that the table does not know go on to Spring
   */
  public Edge(
      Supplier<@Nullable RouteTable> table,
      PolicyChain unrouted,
      TrustedProxies trustedProxies,
      Drain drain,
      Duration keepAlive,
      boolean stockRoutes) {
    this.table = table;
    this.unrouted = unrouted;
    this.trustedProxies = trustedProxies;
    this.drain = drain;
    this.keepAlive = keepAlive;
    this.stockRoutes = stockRoutes;
  }

  /** Puts the edge into a new connection's pipeline, ahead of Reactor Netty's own handling. */
  public void install(Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
      pipeline.addBefore(NettyPipeline.HttpTrafficHandler, NAME, new EdgeHandler(this));
      StrictHttp1.install(pipeline);
      drain.opened(channel);
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

  boolean stockRoutes() {
    return stockRoutes;
  }
}
