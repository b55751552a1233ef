package dev.headgate.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands before Netty's codec and lets nothing through from an offending octet on. The connection
 * behind it is told by a {@link MalformedResponse} and ends.
 */
final class StrictResponses extends ChannelInboundHandlerAdapter {
  private final ResponseSyntax syntax = new ResponseSyntax();

  /** See {@link ResponseSyntax#expect}. */
  void expect(boolean head, boolean upgrade) {
    syntax.expect(head, upgrade);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes) || syntax.offence() != null) {
      ReferenceCountUtil.release(message);
      return;
    }
    int begin = bytes.readerIndex();
    int sound = syntax.accept(bytes, begin, bytes.writerIndex());
    String offence = syntax.offence();
    if (offence == null) {
      ctx.fireChannelRead(bytes);
      return;
    }
    // What the codec has of a head it gets no end of, so that it never becomes a response.
    if (sound > begin) {
      ctx.fireChannelRead(bytes.writerIndex(sound));
    } else {
      bytes.release();
    }
    ctx.fireExceptionCaught(new MalformedResponse(offence));
  }
}
