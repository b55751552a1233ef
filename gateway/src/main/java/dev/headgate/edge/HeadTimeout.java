package dev.headgate.edge;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the time a request's head may take, against clients that send a byte now and then to keep
 * a connection (slowloris). It runs from the connection's beginning, or from the first byte that
 * comes while nothing else goes on, to the head's end; while an exchange runs it stands still, as
 * then nobody reads. A request that began in the same packet in which the one before it ended is
 * only noticed at its next byte, and until then bounded by the keep-alive limit.
 *
 * <p>A head that is late is passed on as one that could not be decoded, so that it is answered and
 * logged like any other that is refused; a connection on which nothing came is just closed.
 */
final class HeadTimeout {
  private static final String BYTES = "headgate.head.bytes";
  private static final String MESSAGES = "headgate.head.messages";

  private final ChannelHandlerContext codec;
  private final long limitNanos;
  private final Messages messages = new Messages();

  /** When the head that is awaited began; -1 while none is. */
  private long since = -1;

  private boolean anyByte;
  private boolean headSeen;
  private boolean inMessage;
  private boolean beganBehind;
  private int unanswered;
  private boolean over;
  private @Nullable Future<?> timer;

  private HeadTimeout(ChannelHandlerContext codec, Duration limit) {
    this.codec = codec;
    this.limitNanos = limit.toNanos();
  }

  /** Puts itself around the HTTP/1.1 codec, where there is one. */
  static void install(ChannelPipeline pipeline, Duration limit) {
    ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
    if (codec != null) {
      HeadTimeout timeout = new HeadTimeout(codec, limit);
      pipeline.addBefore(codec.name(), BYTES, timeout.new Bytes());
      pipeline.addAfter(codec.name(), MESSAGES, timeout.messages);
    }
  }

  private void begin(ChannelHandlerContext ctx) {
    since = now(ctx);
    if (timer == null) {
      checkIn(ctx, limitNanos);
    }
  }

  private void checkIn(ChannelHandlerContext ctx, long nanos) {
    timer = ctx.executor().schedule(() -> check(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  private void check(ChannelHandlerContext ctx) {
    timer = null;
    if (since < 0 || over || codec.isRemoved() || !ctx.channel().isActive()) {
      return;
    }
    long left = limitNanos - (now(ctx) - since);
    if (left > 0) {
      checkIn(ctx, left);
      return;
    }
    over = true;
    if (anyByte) {
      messages.refuse();
    } else {
      ctx.close();
    }
  }

  private static long now(ChannelHandlerContext ctx) {
    return ctx.channel().eventLoop().ticker().nanoTime();
  }

  /** Sees what comes before the codec does. */
  private final class Bytes extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      begin(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      anyByte = true;
      headSeen = false;
      ctx.fireChannelRead(message);
      if (headSeen || inMessage || over || codec.isRemoved()) {
        return;
      }
      if (unanswered > 0) {
        beganBehind = true;
      } else if (since < 0) {
        begin(ctx);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      over = true;
      if (timer != null) {
        timer.cancel(false);
      }
      ctx.fireChannelInactive();
    }
  }

  /** Sees what the codec made of it, and the answers. */
  private final class Messages extends ChannelDuplexHandler {
    private @Nullable ChannelHandlerContext context;
    private boolean finalHead;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      context = ctx;
    }

    void refuse() {
      DefaultFullHttpRequest late =
          new DefaultFullHttpRequest(
              HttpVersion.HTTP_1_1, HttpMethod.GET, "/late-request", Unpooled.EMPTY_BUFFER);
      late.setDecoderResult(DecoderResult.failure(new Http1Refused(Http1Offence.SLOW_HEAD)));
      if (context != null) {
        context.fireChannelRead(late);
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpRequest) {
        since = -1;
        headSeen = true;
        beganBehind = false;
        inMessage = true;
        unanswered++;
      }
      if (message instanceof LastHttpContent) {
        inMessage = false;
      }
      ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      if (message instanceof HttpResponse head) {
        HttpResponseStatus status = head.status();
        over |= status.code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code();
        finalHead = status.codeClass() != HttpStatusClass.INFORMATIONAL;
      }
      ctx.write(message, promise);
      if (finalHead && message instanceof LastHttpContent) {
        finalHead = false;
        unanswered--;
        if (unanswered == 0 && beganBehind) {
          beganBehind = false;
          begin(ctx);
        }
      }
    }
  }
}
