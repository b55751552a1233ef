package dev.headgate.edge;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection whose client may still be sending. Closing at once would answer the bytes in
 * flight with a reset, and the reset may destroy our last answer before it is read (RFC 9112
 * section 9.6): so our side is shut first, and what still comes is thrown away for a moment.
 */
final class LingeringClose {
  private static final long LINGER_MILLIS = 1_000;

  private LingeringClose() {}

  /** Begins it after everything written so far; reads are the caller's to discard from here on. */
  static void begin(ChannelHandlerContext ctx) {
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            flushed -> {
              if (flushed.isSuccess() && ctx.channel() instanceof DuplexChannel duplex) {
                endOutput(ctx, duplex);
                ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
                ctx.read();
              } else {
                ctx.close();
              }
            });
  }

  // Under TLS an end without a close_notify would look like somebody else's doing (RFC 8446 section
  // 6.1).
  private static void endOutput(ChannelHandlerContext ctx, DuplexChannel duplex) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls == null) {
      duplex.shutdownOutput();
    } else {
      tls.closeOutbound().addListener(told -> duplex.shutdownOutput());
    }
  }

  /**
   * Ends the connection after what was written, for an answer that must not look complete. A client
   * that does not take even that is not waited for.
   *
   * @param reset whether an ordinary close would mean "complete", as where the connection's end is
   *     the body's
   */
  static void cut(ChannelHandlerContext ctx, boolean reset) {
    if (reset) {
      ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
      ctx.close();
    } else {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
