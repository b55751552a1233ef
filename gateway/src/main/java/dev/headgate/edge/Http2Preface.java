package dev.headgate.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;
import reactor.netty.NettyPipeline;

/**
 * Tells by the first octets of a connection without TLS which HTTP it speaks: HTTP/2 begins with
 * its preface (RFC 9113 section 3.4). There is no switching by {@code Upgrade: h2c}: RFC 9113 has
 * dropped it, and requests have been smuggled through it.
 */
final class Http2Preface extends ByteToMessageDecoder {
  private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

  private final Edge edge;

  private Http2Preface(Edge edge) {
    this.edge = edge;
  }

  static void install(ChannelPipeline pipeline, Edge edge) {
    pipeline.addBefore(NettyPipeline.H2CUpgradeHandler, "headgate.preface", new Http2Preface(edge));
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int seen = Math.min(in.readableBytes(), PREFACE.readableBytes());
    boolean matches = true;
    for (int i = 0; i < seen && matches; i++) {
      matches = in.getByte(in.readerIndex() + i) == PREFACE.getByte(i);
    }
    if (matches && seen < PREFACE.readableBytes()) {
      ctx.read();
      return;
    }
    ChannelPipeline pipeline = ctx.pipeline();
    if (matches) {
      Http2ClientConnection.expect(ctx.channel(), NettyPipeline.H2CUpgradeHandler);
    } else {
      // Reactor's would take part in any Upgrade, and hold the request's body back for it.
      pipeline.remove(HttpServerUpgradeHandler.class);
      pipeline.remove(NettyPipeline.H2CUpgradeHandler);
      edge.http1(ctx.channel());
    }
    // What has been read goes on with the removal: to HTTP/1.1, or to Reactor's handler, which
    // sees the preface too and lays out the pipeline.
    pipeline.remove(this);
  }
}
