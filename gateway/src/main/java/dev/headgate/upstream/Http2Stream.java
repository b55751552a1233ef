package dev.headgate.upstream;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.Via;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One attempt's stream of an HTTP/2 connection. Flow control goes end to end: the service's window
 * opens as the client takes what came, and ours to it shows as {@link #writable()}.
 */
final class Http2Stream extends ChannelInboundHandlerAdapter implements Carrier {
  private final Http2Session session;
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable Attempt attempt;
  private @Nullable Http2Response response;
  private @Nullable FailureReason ending;
  private boolean refused;
  private long unsent;

  Http2Stream(Http2Session session, Attempt attempt) {
    this.session = session;
    this.attempt = attempt;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  // ---- as its attempt sees it

  @Override
  public String protocol() {
    return Via.HTTP_2;
  }

  @Override
  public void sendWhole(RequestHead head, ByteBuf content, HttpHeaders trailers) {
    response = new Http2Response(head);
    boolean bare = !content.isReadable() && trailers.isEmpty();
    ctx().write(new DefaultHttp2HeadersFrame(Http2RequestHead.headers(head), bare));
    if (bare) {
      content.release();
    } else {
      write(content, trailers.isEmpty());
    }
    if (!trailers.isEmpty()) {
      ctx().write(new DefaultHttp2HeadersFrame(Http2RequestHead.trailers(trailers), true));
    }
    ctx().flush();
  }

  @Override
  public void sendHead(RequestHead head) {
    if (head.upgrade() != null && !session.takesConnect()) {
      end(GatewayFailure.of(FailureReason.UPSTREAM_UPGRADE_UNSUPPORTED));
      return;
    }
    response = new Http2Response(head);
    ctx().writeAndFlush(new DefaultHttp2HeadersFrame(Http2RequestHead.headers(head), false));
  }

  @Override
  public void send(ByteBuf bytes) {
    write(bytes, false);
    ctx().flush();
  }

  @Override
  public void sendEnd(HttpHeaders trailers) {
    ctx()
        .writeAndFlush(
            trailers.isEmpty()
                ? new DefaultHttp2DataFrame(true)
                : new DefaultHttp2HeadersFrame(Http2RequestHead.trailers(trailers), true));
  }

  // A frame is done when it has left for the socket, which flow control may put off for long.
  private void write(ByteBuf bytes, boolean last) {
    int length = bytes.readableBytes();
    unsent += length;
    ChannelPromise left = ctx().newPromise();
    left.addListener(done -> unsent -= length);
    ctx().write(new DefaultHttp2DataFrame(bytes, last), left);
  }

  @Override
  public boolean writable() {
    return channel().isWritable();
  }

  @Override
  public long unsent() {
    return unsent;
  }

  @Override
  public void read() {
    ctx().read();
    // A read that finds one outstanding opens the window and leaves it to others to say so; where
    // the service waits for that, nobody else comes by.
    ctx().flush();
  }

  @Override
  public void finish() {
    attempt = null;
    if (unsent > 0) {
      // Answered before it had all of the request: nobody waits for the window that the rest needs.
      channel().close();
    }
  }

  /** RST_STREAM with CANCEL, unless both sides have ended already. */
  @Override
  public void abandon() {
    attempt = null;
    if (response != null && !response.begun()) {
      session.suspect();
    }
    channel().close();
  }

  // ---- what comes from the channel

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Attempt running = attempt;
    if (running == null || response == null) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof Http2DataFrame data) {
      if (!response.data(running, data)) {
        malformed();
      }
    } else if (message instanceof Http2HeadersFrame headers) {
      if (!response.headers(running, headers)) {
        malformed();
      }
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void malformed() {
    end(GatewayFailure.of(FailureReason.UPSTREAM_PROTOCOL_ERROR));
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (attempt != null) {
      attempt.readComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (attempt != null) {
      attempt.writable();
    }
  }

  /**
   * Resets come past the queue of what is still to be read: what they mean is told when that has
   * been, since a service may end a stream that it has answered whole (RFC 9113 section 8.1).
   */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof Http2ResetFrame reset) {
      refused |= reset.errorCode() == Http2Error.REFUSED_STREAM.code();
      ending =
          reset.errorCode() == Http2Error.HTTP_1_1_REQUIRED.code()
              ? FailureReason.UPSTREAM_PROTOCOL_ERROR
              : FailureReason.UPSTREAM_RESET;
    } else if (event instanceof Http2GoAwayFrame) {
      // It is told only to the streams that the service says it has not seen.
      refused = true;
    }
    if (event instanceof Http2Frame) {
      ReferenceCountUtil.release(event);
    }
  }

  /** A frame of this stream that could not be read, or the failing of the whole connection. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    FailureReason reason =
        cause instanceof Http2Exception
            ? FailureReason.UPSTREAM_PROTOCOL_ERROR
            : FailureReason.UPSTREAM_RESET;
    end(GatewayFailure.of(reason, cause));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(lost());
  }

  private GatewayFailure lost() {
    if (refused && (response == null || !response.begun())) {
      return GatewayFailure.of(FailureReason.UPSTREAM_REFUSED);
    }
    return ending != null ? GatewayFailure.of(ending) : session.lost();
  }

  private void end(GatewayFailure failure) {
    Attempt running = attempt;
    if (running != null) {
      running.failed(failure);
    }
  }

  private Channel channel() {
    return ctx().channel();
  }

  private ChannelHandlerContext ctx() {
    return Objects.requireNonNull(ctx, "not in a pipeline");
  }
}
