package dev.headgate.upstream;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.Via;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to an endpoint, carrying one attempt at a time. While it is idle a read
 * is outstanding, so that the service's closing it is seen at once and it is not handed out dead.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter
    implements PooledConnection, Carrier {
  private final StrictResponses strict;
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable ConnectionPool pool;
  private @Nullable Attempt attempt;
  private @Nullable Http1Response response;
  private @Nullable Http1Tunnel tunnel;
  private @Nullable Throwable error;
  private boolean finished;
  private boolean retired;
  private boolean heard;
  private long openedNanos;
  private long idleSinceNanos;

  /**
   * @param strict reads the responses before the codec does
   */
  Http1Connection(StrictResponses strict) {
    this.strict = strict;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    openedNanos = now();
    idleSinceNanos = openedNanos;
  }

  // ---- as its pool sees it

  @Override
  public EventLoop loop() {
    return ctx().channel().eventLoop();
  }

  @Override
  public boolean joins(ConnectionPool owner) {
    if (!ctx().channel().isActive()) {
      return false;
    }
    pool = owner;
    return true;
  }

  @Override
  public boolean open() {
    return !retired && tunnel == null && ctx().channel().isActive();
  }

  @Override
  public int free() {
    return open() && attempt == null ? 1 : 0;
  }

  @Override
  public boolean busy() {
    return attempt != null;
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
  public void rest() {
    idleSinceNanos = now();
    ctx().read();
  }

  @Override
  public void retire() {
    retired = true;
    if (attempt == null) {
      ctx().close();
    }
  }

  @Override
  public Carrier carry(Attempt next) {
    attempt = next;
    return this;
  }

  // ---- as an attempt sees it

  @Override
  public String protocol() {
    return Via.HTTP_1_1;
  }

  @Override
  public void sendWhole(RequestHead head, ByteBuf content, HttpHeaders trailers) {
    expect(head.method(), null);
    HttpHeaders headers = Http1RequestHead.headers(head);
    ctx()
        .writeAndFlush(
            new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                head.method(),
                head.target(),
                content,
                headers,
                EmptyHttpHeaders.INSTANCE),
            ctx().voidPromise());
  }

  @Override
  public void sendHead(RequestHead head) {
    HttpHeaders headers = Http1RequestHead.headers(head);
    if (head.upgrade() == null) {
      expect(head.method(), null);
      ctx()
          .writeAndFlush(
              new DefaultHttpRequest(HttpVersion.HTTP_1_1, head.method(), head.target(), headers),
              ctx().voidPromise());
      return;
    }
    boolean ownKey = Http1RequestHead.completeHandshake(headers);
    expect(HttpMethod.GET, new Http1Response.Handshake(headers, ownKey));
    ctx()
        .writeAndFlush(
            new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.GET,
                head.target(),
                Unpooled.EMPTY_BUFFER,
                headers,
                EmptyHttpHeaders.INSTANCE),
            ctx().voidPromise());
  }

  private void expect(HttpMethod method, Http1Response.@Nullable Handshake handshake) {
    strict.expect(method.equals(HttpMethod.HEAD), handshake != null);
    response = new Http1Response(this, method, handshake);
  }

  @Override
  public void send(ByteBuf bytes) {
    ctx()
        .writeAndFlush(tunnel == null ? new DefaultHttpContent(bytes) : bytes, ctx().voidPromise());
  }

  @Override
  public void sendEnd(HttpHeaders trailers) {
    if (tunnel != null) {
      tunnel.endOutput();
      return;
    }
    LastHttpContent last = LastHttpContent.EMPTY_LAST_CONTENT;
    if (!trailers.isEmpty()) {
      last = new DefaultLastHttpContent();
      last.trailingHeaders().add(trailers);
    }
    ctx().writeAndFlush(last, ctx().voidPromise());
  }

  @Override
  public boolean writable() {
    return ctx().channel().isWritable();
  }

  @Override
  public long unsent() {
    ChannelOutboundBuffer pending = ctx().channel().unsafe().outboundBuffer();
    return pending == null ? 0 : pending.totalPendingWriteBytes();
  }

  @Override
  public void read() {
    ctx().read();
  }

  /**
   * The connection may carry another attempt, where the response lets it, but only after all that
   * was read with its end: surplus bytes would be taken for the next response.
   */
  @Override
  public void finish() {
    boolean keep = tunnel == null && response != null && response.keepsAlive();
    attempt = null;
    response = null;
    if (keep) {
      finished = true;
    } else {
      ctx().close();
    }
  }

  @Override
  public void abandon() {
    attempt = null;
    response = null;
    if (tunnel == null) {
      ctx().close();
    } else {
      tunnel.reset();
    }
  }

  // ---- what the response's reader asks for

  /** The codec's place is taken by the tunnel. */
  void switched() {
    tunnel = Http1Tunnel.begin(ctx());
  }

  // ---- what comes from the channel

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    heard = true;
    if (attempt == null) {
      // Bytes nobody asked for: whatever they are, no later response could be trusted.
      finished = false;
      ReferenceCountUtil.release(message);
      context.close();
    } else if (error != null) {
      // The codec takes any close for the end of a body without a length; this was a reset.
      ReferenceCountUtil.release(message);
    } else if (message instanceof ByteBuf bytes) {
      attempt.content(bytes);
    } else if (response == null) {
      ReferenceCountUtil.release(message);
    } else {
      response.received(attempt, message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (finished) {
      finished = false;
      idleSinceNanos = now();
      if (pool == null) {
        context.close();
      } else {
        pool.release(this);
      }
    } else if (attempt != null) {
      attempt.readComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (attempt != null) {
      attempt.writable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (tunnel != null && tunnel.inputEnded(event) && attempt != null) {
      attempt.complete(EmptyHttpHeaders.INSTANCE);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Attempt running = attempt;
    attempt = null;
    if (running != null) {
      running.failed(lost());
    }
    if (pool != null) {
      pool.closed(this);
      pool = null;
    }
  }

  private GatewayFailure lost() {
    if (error instanceof MalformedResponse) {
      return GatewayFailure.of(FailureReason.UPSTREAM_PROTOCOL_ERROR, error);
    }
    if (error != null) {
      return heard || !ConnectFailures.endsHandshake(error)
          ? GatewayFailure.of(FailureReason.UPSTREAM_RESET, error)
          : ConnectFailures.classify(error);
    }
    return GatewayFailure.of(
        tunnel == null ? FailureReason.UPSTREAM_PREMATURE_END : FailureReason.UPSTREAM_RESET);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    error = cause;
    if (cause instanceof MalformedResponse && attempt != null) {
      // At once: what came before it in this turn must not go out as the beginning of an answer.
      attempt.failed(lost());
    }
    context.close();
  }

  private ChannelHandlerContext ctx() {
    return Objects.requireNonNull(ctx, "not in a pipeline");
  }

  private long now() {
    return loop().ticker().nanoTime();
  }
}
