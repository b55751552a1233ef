package dev.headgate.edge;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.StallGuard;
import dev.headgate.exchange.StreamedBody;
import dev.headgate.policy.PolicyChain;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * One exchange of ours on an HTTP/1.1 connection: runs the chain and writes what comes of it. It
 * ends exactly once, in {@link #end()}: when the last byte has left, when the client has gone, or
 * when it was aborted.
 */
final class EdgeExchange
    implements CoreSubscriber<GatewayResponse>,
        ResponseWriter.Owner,
        StallGuard.Watched,
        Dispatch.Running {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeExchange.class);

  private final ChannelHandlerContext ctx;
  private final GatewayExchange exchange;
  private final PolicyChain chain;
  private final Connection connection;
  private final @Nullable StreamedBody requestBody;

  private @Nullable Subscription chainSubscription;
  private @Nullable ResponseWriter writer;
  private @Nullable StallGuard guard;
  private boolean readable = true;
  private boolean keepAlive;
  private boolean headWritten;
  private boolean responseWritten;
  private boolean endsByClose;
  private boolean ended;
  private long fullBodyBytes;

  /** The connection's side of it. */
  interface Connection {
    /** Whether the connection may carry on after the response that is about to be written. */
    boolean mayKeepAlive(EdgeExchange exchange);

    /** All of the response has been handed to the connection. */
    void responseWritten(EdgeExchange exchange, boolean keepAlive);
  }

  /**
   * @param requestBody the body where one is still arriving, else null
   */
  EdgeExchange(
      ChannelHandlerContext ctx,
      GatewayExchange exchange,
      PolicyChain chain,
      Connection connection,
      @Nullable StreamedBody requestBody) {
    this.ctx = ctx;
    this.exchange = exchange;
    this.chain = chain;
    this.connection = connection;
    this.requestBody = requestBody;
  }

  void start() {
    exchange.onAbort(this::abort);
    exchange.interim(this::interim);
    if (requestBody != null) {
      watch();
    }
    Mono<GatewayResponse> response;
    try {
      response = chain.run(exchange);
    } catch (RuntimeException e) {
      response = Mono.error(e);
    }
    response.subscribe(this);
  }

  /** The request cannot be read to its end, so the connection cannot go on after it. */
  EdgeExchange unreadable() {
    readable = false;
    return this;
  }

  boolean readable() {
    return readable;
  }

  GatewayExchange exchange() {
    return exchange;
  }

  /** One piece of the request's body. */
  void received(HttpContent content) {
    StreamedBody body = requestBody;
    ByteBuf bytes = content.content();
    exchange.record().received(bytes.readableBytes());
    if (body == null) {
      content.release();
      return;
    }
    if (content.decoderResult().isFailure()) {
      content.release();
      readable = false;
      // What the service got of it is cut off by this, so that it cannot look complete.
      body.fail(GatewayFailure.of(FailureReason.BAD_REQUEST, content.decoderResult().cause()));
      return;
    }
    if (bytes.isReadable()) {
      body.offer(bytes);
    } else {
      content.release();
    }
    if (content instanceof LastHttpContent last) {
      body.complete(last.trailingHeaders());
    }
  }

  void writabilityChanged() {
    if (writer != null) {
      writer.askMore();
    }
  }

  /** The connection has gone. */
  void clientGone() {
    if (ended) {
      return;
    }
    exchange.record().flag(FailureReason.CLIENT_ABORTED);
    if (!headWritten) {
      exchange.record().status(FailureReason.CLIENT_ABORTED.status());
    }
    cancelChain();
    end();
  }

  private void abort(GatewayFailure failure) {
    if (ended) {
      return;
    }
    if (headWritten) {
      exchange.record().flag(failure.reason());
      cancelChain();
      end();
      LingeringClose.cut(ctx, endsByClose);
    } else {
      cancelChain();
      fail(failure);
    }
  }

  private void cancelChain() {
    if (writer != null) {
      writer.cancel();
    } else if (chainSubscription != null) {
      chainSubscription.cancel();
    }
  }

  private void interim(HttpResponseStatus status, HttpHeaders headers) {
    // An HTTP/1.0 client does not know them (RFC 9110 section 15.2).
    if (!headWritten && !ended && exchange.request().version().minorVersion() > 0) {
      ctx.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              status,
              Unpooled.EMPTY_BUFFER,
              headers,
              EmptyHttpHeaders.INSTANCE),
          ctx.voidPromise());
    }
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    chainSubscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(GatewayResponse response) {
    if (!ctx.executor().inEventLoop()) {
      ctx.executor().execute(() -> onNext(response));
    } else if (ended || headWritten) {
      response.discard();
    } else {
      write(response);
    }
  }

  @Override
  public void onComplete() {
    // The response itself is the end; a chain that ends without one is a defect of a policy.
    ctx.executor()
        .execute(
            () -> {
              if (!headWritten && !ended) {
                onError(new IllegalStateException("a policy gave no response"));
              }
            });
  }

  @Override
  public void onError(Throwable error) {
    if (!ctx.executor().inEventLoop()) {
      ctx.executor().execute(() -> onError(error));
    } else if (!headWritten && !ended) {
      fail(GatewayFailure.from(error));
    }
  }

  private void fail(GatewayFailure failure) {
    exchange.record().flag(failure.reason());
    if (failure.reason() == FailureReason.INTERNAL_ERROR) {
      MDC.put("requestId", exchange.requestId());
      LOG.error("exchange failed", failure.getCause());
      MDC.remove("requestId");
    }
    HttpHeaders headers = exchange.headers();
    write(
        ErrorResponses.render(
            failure,
            headers.contains(HttpHeaderNames.ACCEPT)
                ? String.join(",", headers.getAll(HttpHeaderNames.ACCEPT))
                : null,
            exchange.requestId()));
  }

  private void write(GatewayResponse response) {
    headWritten = true;
    // Ours, whatever newer minor version the client speaks (RFC 9110 section 2.5).
    HttpVersion version =
        exchange.request().version().minorVersion() == 0
            ? HttpVersion.HTTP_1_0
            : HttpVersion.HTTP_1_1;
    ResponseFraming framing = ResponseFraming.of(exchange.request().method(), version, response);
    exchange.record().status(response.status().code());
    chain.onResponse(exchange, response);
    keepAlive = framing != ResponseFraming.CLOSE && connection.mayKeepAlive(this);
    framing.apply(response, version, keepAlive);
    if (framing == ResponseFraming.NONE) {
      response.discard();
      writeWhole(response, version, Unpooled.EMPTY_BUFFER);
    } else if (response.body() instanceof FullBody full) {
      writeWhole(response, version, full.take());
    } else if (response.body() == Body.EMPTY) {
      writeWhole(response, version, Unpooled.EMPTY_BUFFER);
    } else {
      endsByClose = framing == ResponseFraming.CLOSE;
      ctx.writeAndFlush(
          new DefaultHttpResponse(version, response.status(), response.headers()),
          ctx.voidPromise());
      writer = new ResponseWriter(ctx, response.body(), framing == ResponseFraming.CHUNKED, this);
      watch();
      writer.start();
    }
  }

  private void writeWhole(GatewayResponse response, HttpVersion version, ByteBuf content) {
    fullBodyBytes = content.readableBytes();
    last(
        new DefaultFullHttpResponse(
            version, response.status(), content, response.headers(), EmptyHttpHeaders.INSTANCE));
  }

  @Override
  public void bodyComplete(LastHttpContent last) {
    last(last);
  }

  private void last(Object message) {
    responseWritten = true;
    ChannelPromise promise = ctx.newPromise();
    promise.addListener(this::lastWritten);
    ctx.writeAndFlush(message, promise);
    if (!ended) {
      // The client has yet to take it all.
      watch();
    }
    connection.responseWritten(this, keepAlive);
  }

  private void lastWritten(Future<? super Void> written) {
    if (ended) {
      return;
    }
    if (!written.isSuccess()) {
      exchange.record().flag(FailureReason.CLIENT_ABORTED);
    }
    end();
  }

  @Override
  public void bodyFailed(Throwable error) {
    GatewayFailure failure = GatewayFailure.from(error);
    exchange.record().flag(failure.reason());
    end();
    LingeringClose.cut(ctx, endsByClose);
  }

  private void watch() {
    if (guard == null) {
      guard = StallGuard.start(exchange.loop(), exchange.idle(), this);
    }
  }

  @Override
  public boolean waiting() {
    return (requestBody != null && requestBody.waiting())
        || responseWritten
        || (writer != null && !ctx.channel().isWritable());
  }

  @Override
  public long progress() {
    ChannelOutboundBuffer pending = ctx.channel().unsafe().outboundBuffer();
    long unsent = pending == null ? 0 : pending.totalPendingWriteBytes();
    return exchange.record().bytesIn() + sent() - unsent;
  }

  @Override
  public void stalled() {
    guard = null;
    GatewayFailure failure = GatewayFailure.of(FailureReason.CLIENT_TIMEOUT);
    if (requestBody != null && requestBody.waiting() && !headWritten) {
      readable = false;
      requestBody.fail(failure);
    } else {
      abort(failure);
    }
  }

  private long sent() {
    return writer == null ? fullBodyBytes : writer.written();
  }

  private void end() {
    ended = true;
    if (guard != null) {
      guard.stop();
    }
    exchange.body().discard();
    if (requestBody != null) {
      requestBody.cancel();
    }
    exchange.record().sent(sent());
    exchange.ended();
    chain.onEnd(exchange);
  }
}
