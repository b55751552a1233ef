package dev.headgate.edge;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Turns away a connection that is too many: one ready-made answer, or just a close where that could
 * not be read. Whatever the client sends is thrown away before anybody behind sees it.
 */
final class Refusal extends ChannelInboundHandlerAdapter {
  // Never released: each refusal writes a duplicate of it that owns nothing.
  private static final ByteBuf ANSWER =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes(answer()).asReadOnly());

  private final boolean answering;

  /**
   * @param answering whether the client could read an answer, and may be waited for to do so
   */
  Refusal(boolean answering) {
    this.answering = answering;
  }

  private static byte[] answer() {
    byte[] body =
        ErrorResponses.body(GatewayFailure.of(FailureReason.OVERLOADED), false, RequestIds.NONE);
    String head =
        """
        HTTP/1.1 503 Service Unavailable\r
        content-type: application/json\r
        content-length: %d\r
        retry-after: 1\r
        connection: close\r
        \r
        """
            .formatted(body.length);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    whole.writeBytes(body);
    return whole.toByteArray();
  }

  // The connection is still being set up.
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.executor().execute(() -> turnAway(ctx));
  }

  private void turnAway(ChannelHandlerContext ctx) {
    if (answering) {
      ctx.write(ANSWER.duplicate(), ctx.voidPromise());
      LingeringClose.begin(ctx);
    } else {
      ctx.close();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    // Those behind are not to begin anything.
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
