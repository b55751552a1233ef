package dev.headgate.upstream;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection to an endpoint, carrying as many attempts at once as the service allows, up
 * to {@link #MAX_STREAMS}. It is handed out when the service's SETTINGS have come, so that its
 * limits are known; after a GOAWAY it carries nothing new, and closes when it is done.
 */
final class Http2Session extends ChannelInboundHandlerAdapter implements PooledConnection {
  /** Streams at once on one connection, whatever the service allows. */
  static final int MAX_STREAMS = 100;

  // What a suspect connection gets to prove that it lives. Longer than any garbage collection
  // should take, since all its streams end with it.
  private static final long PROOF_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  // Nothing heard for so long makes a connection suspect before it is used again.
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Http2FrameCodec codec;
  private final Http2StreamChannelBootstrap streams;
  private final Channel channel;
  private final Promise<PooledConnection> opened;
  private @Nullable ConnectionPool pool;
  private @Nullable Throwable error;
  private @Nullable Future<?> proof;
  private boolean takesConnect;
  private boolean retired;
  private boolean streamEnded;
  private final long openedNanos;
  private long idleSinceNanos;
  private long heardNanos;

  /**
   * @param opened told when the service's SETTINGS have come, or that they never will
   */
  Http2Session(
      Channel channel,
      Http2FrameCodec codec,
      WriteBufferWaterMark waterMark,
      Promise<PooledConnection> opened) {
    this.channel = channel;
    this.codec = codec;
    this.opened = opened;
    this.streams =
        new Http2StreamChannelBootstrap(channel)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new WholeTurn())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark);
    this.openedNanos = now();
    this.idleSinceNanos = openedNanos;
    this.heardNanos = openedNanos;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    codec.connection().addListener(new StreamEnds());
    // The window of the connection must not be what a stream waits for because others are not read.
    context.write(new DefaultHttp2WindowUpdateFrame(Http2Codecs.CONNECTION_WINDOW_MORE));
    context.flush();
  }

  // ---- as its pool sees it

  @Override
  public EventLoop loop() {
    return channel.eventLoop();
  }

  @Override
  public boolean joins(ConnectionPool owner) {
    if (!channel.isActive()) {
      return false;
    }
    pool = owner;
    return true;
  }

  @Override
  public boolean open() {
    return !retired && error == null && channel.isActive();
  }

  @Override
  public int free() {
    Http2Connection.Endpoint<?> ours = codec.connection().local();
    int limit = Math.min(MAX_STREAMS, ours.maxActiveStreams());
    return open() ? Math.max(0, limit - ours.numActiveStreams()) : 0;
  }

  @Override
  public boolean busy() {
    return codec.connection().numActiveStreams() > 0;
  }

  @Override
  public long openedNanos() {
    return openedNanos;
  }

  @Override
  public long idleSinceNanos() {
    return idleSinceNanos;
  }

  @Override
  public Carrier carry(Attempt attempt) {
    if (now() - heardNanos > QUIET_NANOS) {
      suspect();
    }
    Http2Stream stream = new Http2Stream(this, attempt);
    Future<Http2StreamChannel> made = streams.open();
    if (!made.isSuccess()) {
      throw new IllegalStateException("a stream on a connection that is not open", made.cause());
    }
    made.getNow().pipeline().addLast(stream);
    return stream;
  }

  @Override
  public void rest() {
    // It reads by itself; flow control is what bounds it.
  }

  @Override
  public void retire() {
    retired = true;
    if (!busy()) {
      // The codec says GOAWAY before.
      channel.close();
    }
  }

  // ---- as its streams see it

  /** Whether the service takes extended CONNECT (RFC 8441 section 3). */
  boolean takesConnect() {
    return takesConnect;
  }

  /** What has become of the streams of a connection that has gone. */
  GatewayFailure lost() {
    if (error == null) {
      return GatewayFailure.of(FailureReason.UPSTREAM_PREMATURE_END);
    }
    return GatewayFailure.of(
        error instanceof Http2Exception
            ? FailureReason.UPSTREAM_PROTOCOL_ERROR
            : FailureReason.UPSTREAM_RESET,
        error);
  }

  /**
   * The service was silent where it should not be. A peer that has vanished without a word would
   * otherwise swallow one attempt after another: it has to answer a PING.
   */
  void suspect() {
    if (proof == null && channel.isActive()) {
      long asked = now();
      proof = loop().schedule(() -> proofDue(asked), PROOF_LIMIT_NANOS, TimeUnit.NANOSECONDS);
      channel.writeAndFlush(new DefaultHttp2PingFrame(asked));
    }
  }

  private void proofDue(long asked) {
    proof = null;
    if (heardNanos <= asked && channel.isActive()) {
      error = new SocketTimeoutException("no answer to PING");
      cut();
    }
  }

  // Past the codec, which would wait for the streams.
  private void cut() {
    channel.pipeline().firstContext().close();
  }

  // ---- what comes from the channel

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof Http2SettingsFrame frame) {
      Boolean connect = frame.settings().connectProtocolEnabled();
      takesConnect |= connect != null && connect;
      if (!opened.trySuccess(this)) {
        capacityChanged();
      }
    } else if (message instanceof Http2GoAwayFrame) {
      retired = true;
      capacityChanged();
    }
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    heardNanos = now();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    error = cause;
    opened.tryFailure(cause);
    if (!(cause instanceof Http2Exception)) {
      cut();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    opened.tryFailure(lost());
    if (proof != null) {
      proof.cancel(false);
    }
    if (pool != null) {
      pool.closed(this);
      pool = null;
    }
  }

  private final class StreamEnds extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(io.netty.handler.codec.http2.Http2Stream stream) {
      capacityChanged();
    }
  }

  // Told from within the codec's own work on a frame: what it may lead to comes after that.
  private void capacityChanged() {
    if (!streamEnded) {
      streamEnded = true;
      loop().execute(this::released);
    }
  }

  private void released() {
    streamEnded = false;
    if (!busy()) {
      idleSinceNanos = now();
    }
    if (retired) {
      retire();
    } else if (pool != null && channel.isActive()) {
      pool.release(this);
    }
  }

  private long now() {
    return channel.eventLoop().ticker().nanoTime();
  }
}
