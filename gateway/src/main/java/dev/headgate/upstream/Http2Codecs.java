package dev.headgate.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.concurrent.Promise;

/** Makes a connection speak HTTP/2. */
final class Http2Codecs {
  // What a service may send on one stream ahead of its reader, and so what a slow client holds of
  // memory here.
  private static final int STREAM_WINDOW = 128 * 1024;

  /** By how much the connection's window is opened, so that all streams' windows fit into it. */
  static final int CONNECTION_WINDOW_MORE = Http2Session.MAX_STREAMS * STREAM_WINDOW;

  /** Of a header section, as HTTP/2 counts (RFC 9113 section 6.5.2); beyond it the stream ends. */
  private static final int MAX_HEADER_LIST = 64 * 1024;

  private Http2Codecs() {}

  /**
   * Sends the preface; the channel has to be connected, and secured where it is to be.
   *
   * @param opened told when the service's SETTINGS have come, or that they never will
   */
  static void install(
      Channel channel, WriteBufferWaterMark waterMark, Promise<PooledConnection> opened) {
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forClient()
            .initialSettings(
                new Http2Settings()
                    .pushEnabled(false)
                    .initialWindowSize(STREAM_WINDOW)
                    .maxHeaderListSize(MAX_HEADER_LIST))
            .validateHeaders(true)
            .validateRequiredPseudoHeaders(true)
            .build();
    Http2Session session = new Http2Session(channel, codec, waterMark, opened);
    channel.pipeline().addLast(codec, new Http2MultiplexHandler(new NotPushed()), session);
    channel.config().setAutoRead(true);
  }

  /**
   * Pushed streams are switched off by SETTINGS; a service that pushes all the same gains nothing.
   */
  private static final class NotPushed extends ChannelInboundHandlerAdapter {
    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ctx.close();
    }
  }
}
