package dev.headgate.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import reactor.netty.NettyPipeline;

/**
 * Waits for the TLS handshake to say which HTTP the connection speaks: only then does Reactor Netty
 * lay out the pipeline, by the same event.
 */
final class Alpn extends ChannelInboundHandlerAdapter {
  private final Edge edge;

  private Alpn(Edge edge) {
    this.edge = edge;
  }

  static void install(ChannelPipeline pipeline, Edge edge) {
    pipeline.addBefore(NettyPipeline.H2OrHttp11Codec, "headgate.alpn", new Alpn(edge));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    // Reactor's handler behind us lays out the pipeline while it sees this.
    ctx.fireUserEventTriggered(event);
    if (event instanceof SslHandshakeCompletionEvent shaken && shaken.isSuccess()) {
      ChannelPipeline pipeline = ctx.pipeline();
      ChannelHandlerContext codec = pipeline.context(Http2FrameCodec.class);
      if (codec != null) {
        Http2ClientConnection.expect(ctx.channel(), codec.name());
      } else {
        edge.http1(ctx.channel());
      }
      pipeline.remove(this);
    }
  }
}
