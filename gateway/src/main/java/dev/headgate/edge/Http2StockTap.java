package dev.headgate.edge;

import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import reactor.netty.NettyPipeline;

/**
 * Sees what Spring reads and writes on an HTTP/2 stream, in the form of HTTP/1.1: it stands between
 * Reactor Netty's conversion and the rest.
 */
final class Http2StockTap extends ChannelDuplexHandler {
  private final StockExchange exchange;

  private Http2StockTap(StockExchange exchange) {
    this.exchange = exchange;
  }

  /** Hands the stream over to Spring; the request's head is still to be passed on. */
  static void start(ChannelHandlerContext ctx, StockExchange exchange) {
    ctx.pipeline()
        .addAfter(NettyPipeline.H2ToHttp11Codec, "headgate.stock", new Http2StockTap(exchange));
    exchange.start(ctx.channel());
    ctx.channel().config().setAutoRead(true);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest head && exchange.exchange().upgrade() == null) {
      // What was made of the client's fields, which the frame that Spring's codec read has not.
      head.headers().set(exchange.exchange().headers());
    }
    if (message instanceof ByteBufHolder holder) {
      exchange.received(holder.content().readableBytes());
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    boolean last = exchange.written(message);
    ctx.write(message, last ? exchange.ending(promise) : promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    exchange.clientGone();
    ctx.fireChannelInactive();
  }
}
