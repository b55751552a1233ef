package dev.headgate.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Ends a connection whose TLS handshake fails or takes too long, the first byte's wait included.
 */
final class HandshakeGuard extends ChannelInboundHandlerAdapter {
  private static final String NAME = "headgate.handshake";

  private final Duration limit;
  private final Gate gate;
  private @Nullable Future<?> timer;

  private HandshakeGuard(Duration limit, Gate gate) {
    this.limit = limit;
    this.gate = gate;
  }

  static void install(ChannelPipeline pipeline, Duration limit, Gate gate) {
    pipeline.addAfter(NettyPipeline.SslHandler, NAME, new HandshakeGuard(limit, gate));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    timer = ctx.executor().schedule(() -> failed(ctx), limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && timer != null) {
      if (handshake.isSuccess()) {
        over();
        ctx.pipeline().remove(this);
      } else if (handshake.cause() instanceof ClosedChannelException) {
        // The client has gone: whoever probes a port does that.
        over();
      } else {
        failed(ctx);
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    over();
    ctx.fireChannelInactive();
  }

  private void failed(ChannelHandlerContext ctx) {
    over();
    gate.count(Gate.Reason.TLS_HANDSHAKE);
    ctx.close();
  }

  private void over() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
