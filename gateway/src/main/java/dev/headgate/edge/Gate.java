package dev.headgate.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import reactor.netty.NettyPipeline;

/**
 * Where connections come in, before anything is read of them: counts them, turns away those that
 * are too many, and learns from a PROXY header who is at the other end.
 */
public final class Gate {
  /** Turned away with an answer, which takes them a moment to read; more are just closed. */
  private static final int MAX_ANSWERED = 256;

  private final EdgeLimits limits;
  private final TrustedProxies proxies;
  private final ConnectionCensus census;
  private final AtomicInteger answered = new AtomicInteger();
  private final Map<Reason, LongAdder> refused = new EnumMap<>(Reason.class);

  /** Why a connection ended before its first request. */
  public enum Reason {
    /** All connections together are too many. */
    MAX_CONNECTIONS,
    /** The client's are too many. */
    MAX_CONNECTIONS_PER_CLIENT,
    /** The PROXY header is missing, malformed or late, or comes from somebody who may not say. */
    PROXY_PROTOCOL,
    /** The TLS handshake failed or was late. */
    TLS_HANDSHAKE
  }

  public Gate(EdgeLimits limits, TrustedProxies proxies) {
    this.limits = limits;
    this.proxies = proxies;
    this.census = new ConnectionCensus(limits.maxConnections(), limits.maxConnectionsPerClient());
    for (Reason reason : Reason.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  /** How many connections were turned away, or ended before their first request, for a reason. */
  public long refused(Reason reason) {
    return adder(reason).sum();
  }

  /** Open connections, with those whose PROXY header or handshake is still awaited. */
  public int open() {
    return census.open();
  }

  /**
   * Takes in a connection whose pipeline has just been laid.
   *
   * @param proxyProtocol whether it has to begin with a PROXY header
   * @param edge where it goes on
   */
  public void admit(Channel channel, boolean proxyProtocol, Edge edge) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      // The client has gone already.
      channel.close();
      return;
    }
    ChannelPipeline pipeline = channel.pipeline();
    if (!census.enter()) {
      pipeline.addFirst(refusal(channel, Reason.MAX_CONNECTIONS));
      return;
    }
    channel.closeFuture().addListener(closed -> census.leave());
    if (proxyProtocol) {
      if (!proxies.isEmpty() && !proxies.contains(remote.getAddress())) {
        count(Reason.PROXY_PROTOCOL);
        pipeline.addFirst(new Refusal(false));
        return;
      }
      ProxyHeader.install(pipeline, limits.proxyProtocolTimeout(), this);
    } else if (!mayEnter(channel, remote.getAddress())) {
      pipeline.addFirst(refusal(channel, Reason.MAX_CONNECTIONS_PER_CLIENT));
      return;
    }
    boolean encrypted = encrypted(channel);
    edge.install(channel, encrypted ? limits.handshakeTimeout().plus(unspoken()) : unspoken());
    if (encrypted) {
      HandshakeGuard.install(pipeline, limits.handshakeTimeout(), this);
    }
  }

  // A connection that has said nothing is both late with its first head and idle.
  private Duration unspoken() {
    return limits.headerTimeout().compareTo(limits.keepAlive()) < 0
        ? limits.headerTimeout()
        : limits.keepAlive();
  }

  /** Counts a connection in at its client; a proxy's are those of its many clients. */
  boolean mayEnter(Channel channel, InetAddress client) {
    if (!census.countsClients() || proxies.contains(client)) {
      return true;
    }
    if (!census.enter(client)) {
      return false;
    }
    channel.closeFuture().addListener(closed -> census.leave(client));
    return true;
  }

  ChannelHandler refusal(Channel channel, Reason reason) {
    count(reason);
    if (encrypted(channel)) {
      return new Refusal(false);
    }
    if (answered.incrementAndGet() > MAX_ANSWERED) {
      answered.decrementAndGet();
      return new Refusal(false);
    }
    channel.closeFuture().addListener(closed -> answered.decrementAndGet());
    return new Refusal(true);
  }

  void count(Reason reason) {
    adder(reason).increment();
  }

  private LongAdder adder(Reason reason) {
    LongAdder adder = refused.get(reason);
    if (adder == null) {
      throw new IllegalStateException(reason.name());
    }
    return adder;
  }

  private static boolean encrypted(Channel channel) {
    return channel.pipeline().get(NettyPipeline.SslHandler) != null;
  }
}
