package dev.headgate.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/2 connection: what its streams share, when it has been idle too long, and how it
 * goes down. It stands last in the connection's pipeline, behind Netty's multiplexer.
 */
final class Http2ClientConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Http2ClientConnection.class);

  static final AttributeKey<Http2ClientConnection> KEY = AttributeKey.valueOf("headgate.http2");

  private static final String NAME = "headgate.http2";

  // Streams of 64 KiB share it: sixteen of them may stall before they hold up the rest. RFC 9113
  // section 6.9.2: the connection's window is not a setting, it only grows.
  private static final int CONNECTION_WINDOW = 1024 * 1024;
  private static final long CLOSE_MILLIS = 1_000;

  // Netty's encoder would keep as large a table as the client asks for, 4 GiB: what it asks for is
  // a limit, and ours the choice (RFC 9113 section 6.5.2).
  private static final long HEADER_TABLE = Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE;

  private final Edge edge;
  private final Dispatch dispatch;
  private final Set<Http2StreamHandler> running =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private final RequestBudget budget;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> idleCheck;
  private boolean ending;
  private long idleSinceNanos;

  Http2ClientConnection(Edge edge, Dispatch dispatch) {
    this.edge = edge;
    this.dispatch = dispatch;
    this.budget = new RequestBudget(edge.limits().maxRequestsPerConnection());
  }

  /**
   * The connection is going to speak HTTP/2.
   *
   * @param before Netty's codec, or what puts it into its place when it sees the preface
   */
  static void expect(Channel channel, String before) {
    Http2FrameBudget budget = new Http2FrameBudget(channel.eventLoop().ticker().nanoTime());
    StrictHttp2.install(channel.pipeline(), before, budget);
  }

  /** Takes its place in the pipeline, between the client's preface and its first frame. */
  static void install(Channel channel) {
    Http2ClientConnection connection = channel.attr(KEY).get();
    SilentConnection.over(channel.pipeline());
    if (connection != null && channel.isActive()) {
      channel.pipeline().addLast(NAME, connection);
    }
  }

  Dispatch dispatch() {
    return dispatch;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Http2Exception {
    context = ctx;
    Http2FrameCodec codec = codec(ctx);
    // However long the streams take that are open when it is to close: who waits for them has a
    // limit of his own.
    codec.gracefulShutdownTimeoutMillis(-1);
    Http2Connection http2 = codec.connection();
    http2
        .local()
        .flowController()
        .incrementWindowSize(
            http2.connectionStream(),
            CONNECTION_WINDOW
                - http2.local().flowController().windowSize(http2.connectionStream()));
    ctx.flush();
    idleSinceNanos = now(ctx);
    checkIdleIn(ctx, edge.limits().keepAlive().toNanos());
  }

  private static Http2FrameCodec codec(ChannelHandlerContext ctx) {
    return ctx.pipeline().get(Http2FrameCodec.class);
  }

  void begun(Http2StreamHandler stream) {
    running.add(stream);
    edge.drain().exchangeBegun();
    budget.spend();
    if (budget.spent() && !ending && context != null) {
      ending = true;
      // What the client has begun beyond this one it learns to be safe to send elsewhere (RFC 9113
      // section 6.8); what runs has the time that it needs.
      context.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
    }
  }

  void ended(ChannelHandlerContext stream, Http2StreamHandler handler) {
    boolean ran = running.remove(handler);
    idleSinceNanos = now(stream);
    if (ran && ending && running.isEmpty() && context != null) {
      close(context);
    }
  }

  // The connection's own frames, which Netty has acted on.
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Http2Exception {
    if (message instanceof Http2SettingsFrame) {
      Http2HeadersEncoder.Configuration headers =
          codec(ctx).encoder().configuration().headersConfiguration();
      if (headers.maxHeaderTableSize() > HEADER_TABLE) {
        headers.maxHeaderTableSize(HEADER_TABLE);
      }
    }
    ReferenceCountUtil.release(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Drain.CloseIfIdle.NOW) {
      close(ctx);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  // Netty says GOAWAY, lets the streams that are open finish, and closes.
  private static void close(ChannelHandlerContext ctx) {
    ctx.channel().close();
  }

  private void checkIdleIn(ChannelHandlerContext ctx, long nanos) {
    idleCheck = ctx.executor().schedule(() -> checkIdle(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  private void checkIdle(ChannelHandlerContext ctx) {
    if (!ctx.channel().isActive()) {
      return;
    }
    long limit = edge.limits().keepAlive().toNanos();
    if (codec(ctx).connection().numActiveStreams() > 0) {
      idleSinceNanos = now(ctx);
    }
    long left = limit - (now(ctx) - idleSinceNanos);
    if (left > 0) {
      checkIdleIn(ctx, left);
      return;
    }
    close(ctx);
    // Without streams it is over at once, unless the client does not even take the GOAWAY.
    closeForciblySoon(ctx);
  }

  private static void closeForciblySoon(ChannelHandlerContext ctx) {
    ctx.executor()
        .schedule(
            () -> ctx.channel().unsafe().closeForcibly(), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  // A stream with frames that nobody has asked for yet does not learn that it is gone.
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (idleCheck != null) {
      idleCheck.cancel(false);
    }
    List<Http2StreamHandler> left = new ArrayList<>(running);
    left.forEach(Http2StreamHandler::gone);
    ctx.fireChannelInactive();
  }

  // Netty has answered what the client did wrong; it is not the gateway's failure to report.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("HTTP/2 connection {}", ctx.channel(), cause);
    if (!(cause instanceof Http2Exception)) {
      ctx.close();
    }
    // Netty closes when its GOAWAY has left, and a client that reads nothing could put that off.
    closeForciblySoon(ctx);
  }

  private static long now(ChannelHandlerContext ctx) {
    return ctx.channel().eventLoop().ticker().nanoTime();
  }
}
