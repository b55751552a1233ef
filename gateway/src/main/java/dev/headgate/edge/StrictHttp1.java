package dev.headgate.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands before Netty's codec, which lets through without trace what two parties may read in two
 * ways: folded lines, loose request lines and chunk sizes, two framings at once.
 *
 * <p>Nothing from the beginning of an offending head on, or from an offending octet of a body on,
 * reaches the codec; and what it has of an unfinished head it will never get the rest of. In its
 * place those behind it get a message that could not be decoded, as the codec itself would have
 * made it, so that there is one way to refuse a request.
 */
final class StrictHttp1 extends ChannelInboundHandlerAdapter {
  private static final String NAME = "headgate.strict";

  private final ChannelHandlerContext codec;
  private final Http1Syntax syntax;

  private StrictHttp1(ChannelHandlerContext codec, int maxFields) {
    this.codec = codec;
    this.syntax = new Http1Syntax(maxFields);
  }

  /**
   * Puts itself before the codec; where there is none the connection does not speak HTTP/1.1.
   *
   * @param maxFields how many fields a head may have, and as many trailers; one more is a 431
   */
  static void install(ChannelPipeline pipeline, int maxFields) {
    ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
    if (codec != null) {
      pipeline.addBefore(codec.name(), NAME, new StrictHttp1(codec, maxFields));
    }
  }

  /** The connection goes on in another protocol. */
  static void remove(ChannelPipeline pipeline) {
    if (pipeline.get(NAME) != null) {
      pipeline.remove(NAME);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes) || codec.isRemoved()) {
      // The connection has been switched to another protocol.
      ctx.fireChannelRead(message);
    } else if (syntax.offence() != null) {
      ReferenceCountUtil.release(bytes);
      drain(ctx);
    } else {
      watch(ctx, bytes);
    }
  }

  private void watch(ChannelHandlerContext ctx, ByteBuf bytes) {
    int begin = bytes.readerIndex();
    int sound = syntax.accept(bytes, begin, bytes.writerIndex());
    Http1Offence offence = syntax.offence();
    if (offence == null) {
      ctx.fireChannelRead(bytes);
      return;
    }
    if (sound > begin) {
      ctx.fireChannelRead(bytes.writerIndex(sound));
    } else {
      bytes.release();
    }
    if (!codec.isRemoved()) {
      codec.fireChannelRead(undecodable(offence));
    }
  }

  private HttpObject undecodable(Http1Offence offence) {
    HttpObject message =
        syntax.inHead()
            ? new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.GET, "/bad-request", Unpooled.EMPTY_BUFFER)
            : new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
    message.setDecoderResult(DecoderResult.failure(new Http1Refused(offence)));
    return message;
  }

  // Those behind see nothing of it and so do not ask for more, but what lies unread when the
  // connection is closed would have it end in a reset, ahead of our answer.
  private static void drain(ChannelHandlerContext ctx) {
    if (ctx.channel() instanceof DuplexChannel duplex && duplex.isOutputShutdown()) {
      ctx.read();
    }
  }
}
