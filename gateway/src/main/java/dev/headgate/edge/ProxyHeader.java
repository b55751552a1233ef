package dev.headgate.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.TransportProtocol;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes the connection's other end from the PROXY header that begins it (HAProxy's specification,
 * versions 1 and 2), ahead of TLS. Without a sound one in time the connection is closed, as the
 * specification demands of a receiver that expects it.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
  private static final String DECODER = "headgate.proxy.decoder";
  private static final String NAME = "headgate.proxy";

  /** Where Reactor Netty looks for it, for Spring's side of the port. */
  private static final AttributeKey<InetSocketAddress> REACTORS =
      AttributeKey.valueOf("remoteAddressFromProxyProtocol");

  private final Duration limit;
  private final Gate gate;
  private @Nullable Future<?> timer;
  private boolean over;

  private ProxyHeader(Duration limit, Gate gate) {
    this.limit = limit;
    this.gate = gate;
  }

  static void install(ChannelPipeline pipeline, Duration limit, Gate gate) {
    pipeline.addFirst(NAME, new ProxyHeader(limit, gate));
    pipeline.addFirst(DECODER, new ProxyHeaderDecoder());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    timer = ctx.executor().schedule(() -> refuse(ctx), limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof HAProxyMessage header)) {
      ctx.fireChannelRead(message);
      return;
    }
    stopTimer();
    Peer.Named peer;
    try {
      peer = peer(header, (InetSocketAddress) ctx.channel().remoteAddress());
    } finally {
      header.release();
    }
    if (peer == null) {
      refuse(ctx);
      return;
    }
    over = true;
    ctx.channel().attr(Peer.NAMED).set(peer);
    ctx.channel().attr(REACTORS).set(peer.remote());
    if (!gate.mayEnter(ctx.channel(), peer.remote().getAddress())) {
      // Behind us, so that the request that may have come along with the header ends there.
      ctx.pipeline()
          .addAfter(
              NAME, null, gate.refusal(ctx.channel(), Gate.Reason.MAX_CONNECTIONS_PER_CLIENT));
    }
    ctx.pipeline().remove(this);
    ctx.read();
  }

  // LOCAL is the proxy itself, as in a health check; UNKNOWN and what is no TCP over IP is somebody
  // whom it cannot name, and who must not pass for the proxy.
  private static Peer.@Nullable Named peer(HAProxyMessage header, InetSocketAddress connection) {
    if (header.command() == HAProxyCommand.LOCAL) {
      return new Peer.Named(connection, false);
    }
    AddressFamily family = header.proxiedProtocol().addressFamily();
    boolean ip = family == AddressFamily.AF_IPv4 || family == AddressFamily.AF_IPv6;
    if (!ip || header.proxiedProtocol().transportProtocol() != TransportProtocol.STREAM) {
      return new Peer.Named(connection, true);
    }
    InetAddress source = AddressText.address(header.sourceAddress());
    return source == null
        ? null
        : new Peer.Named(new InetSocketAddress(source, header.sourcePort()), false);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (over) {
      ctx.fireExceptionCaught(cause);
    } else {
      refuse(ctx);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopTimer();
    ctx.fireChannelInactive();
  }

  private void refuse(ChannelHandlerContext ctx) {
    over = true;
    stopTimer();
    gate.count(Gate.Reason.PROXY_PROTOCOL);
    ctx.close();
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
