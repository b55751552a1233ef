package dev.headgate.upstream;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has been switched to another protocol: bytes, of which each direction ends by
 * itself. Over TLS a direction ends by close_notify; an end without it is a connection cut off.
 */
final class Http1Tunnel {
  private final Channel channel;
  private final @Nullable SslHandler tls;

  private Http1Tunnel(Channel channel) {
    this.channel = channel;
    this.tls = channel.pipeline().get(SslHandler.class);
  }

  /** Takes the codec's place; what it has read beyond the head goes on behind it. */
  static Http1Tunnel begin(ChannelHandlerContext ctx) {
    Http1Tunnel tunnel = new Http1Tunnel(ctx.channel());
    if (tunnel.tls == null) {
      ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }
    ctx.pipeline().remove(StrictResponses.class);
    ctx.pipeline().remove(HttpClientCodec.class);
    return tunnel;
  }

  /** Whether this event says that the service has ended its direction. */
  boolean inputEnded(Object event) {
    return tls == null
        ? event instanceof ChannelInputShutdownEvent
        : event instanceof SslCloseCompletionEvent closed && closed.isSuccess();
  }

  /** Ends our direction, when all before has left. */
  void endOutput() {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (written.isSuccess()) {
                shutdown();
              }
            });
  }

  private void shutdown() {
    if (tls != null) {
      tls.closeOutbound();
    } else if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
  }

  /** Ends both directions in a way that cannot be taken for an orderly end. */
  void reset() {
    if (!channel.isActive()) {
      return;
    }
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    // Past the TLS handler, whose close_notify would look like one.
    channel.pipeline().firstContext().close();
  }
}
