package dev.headgate.upstream;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.HopByHop;
import dev.headgate.exchange.StallGuard;
import dev.headgate.exchange.StreamedBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * One try of one endpoint over HTTP/1.1: gets a connection, sends the request, and emits the
 * response at its head, or whole where it came in one turn of reading. Everything happens on the
 * exchange's event loop.
 *
 * <p>The connection goes back to its pool only after both messages have passed whole; in any other
 * end it is closed. That happens in {@link #over(boolean)} and nowhere else.
 */
final class Http1Call
    implements ConnectionPool.Acquirer,
        RequestBodyWriter.Owner,
        StreamedBody.Source,
        StallGuard.Watched {
  private final GatewayExchange exchange;
  private final Upstream upstream;
  private final Endpoint endpoint;
  private final MonoSink<GatewayResponse> sink;

  private @Nullable Runnable stopWaiting;
  private @Nullable Http1Connection connection;
  private @Nullable RequestBodyWriter writer;
  private @Nullable StallGuard guard;
  private @Nullable HttpResponse head;
  private @Nullable StreamedBody body;
  private boolean interim;
  private boolean requestSent;
  private boolean emitted;
  private boolean over;
  private long receivedBytes;

  Http1Call(
      GatewayExchange exchange,
      Upstream upstream,
      Endpoint endpoint,
      MonoSink<GatewayResponse> sink) {
    this.exchange = exchange;
    this.upstream = upstream;
    this.endpoint = endpoint;
    this.sink = sink;
  }

  void start() {
    exchange.record().attempt(upstream.id(), endpoint.name(), exchange.now());
    sink.onCancel(this::cancelled);
    stopWaiting = endpoint.pool().acquire(exchange.loop(), this);
  }

  /** The chain has lost interest before the response was emitted. */
  private void cancelled() {
    if (emitted || over) {
      return;
    }
    if (connection == null) {
      over = true;
      exchange.record().attemptEnded(exchange.now());
      if (stopWaiting != null) {
        stopWaiting.run();
      }
    } else {
      if (body != null) {
        body.discard();
      }
      over(false);
    }
  }

  @Override
  public void failed(GatewayFailure failure) {
    over = true;
    exchange.record().attemptEnded(exchange.now());
    sink.error(failure);
  }

  @Override
  public void ready(Http1Connection acquired) {
    connection = acquired;
    acquired.begin(this);
    send(acquired.ctx().channel());
    if (!over) {
      acquired.ctx().read();
    }
  }

  private void send(Channel channel) {
    HttpMethod method = exchange.request().method();
    String target = RequestHead.target(exchange, endpoint.basePath());
    String host = upstream.hostHeader().value(exchange.request().authority(), endpoint.authority());
    HttpHeaders headers = RequestHead.headers(exchange, host);
    Body content = exchange.body();
    if (content.length() == 0 || content instanceof FullBody) {
      ByteBuf bytes = content instanceof FullBody full ? full.take() : Unpooled.EMPTY_BUFFER;
      requestSent = true;
      channel.writeAndFlush(
          new DefaultFullHttpRequest(
              HttpVersion.HTTP_1_1, method, target, bytes, headers, EmptyHttpHeaders.INSTANCE),
          channel.voidPromise());
    } else {
      channel.writeAndFlush(
          new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, target, headers),
          channel.voidPromise());
      writer = new RequestBodyWriter(content, channel, this);
      watch();
      writer.start();
    }
  }

  @Override
  public void requestSent() {
    requestSent = true;
  }

  @Override
  public void requestFailed(Throwable error) {
    fail(GatewayFailure.from(error));
  }

  void writabilityChanged() {
    if (writer != null) {
      writer.askMore();
    }
  }

  void received(Object message) {
    if (message instanceof HttpObject object && object.decoderResult().isFailure()) {
      ReferenceCountUtil.release(message);
      undecodable(object.decoderResult().cause());
      return;
    }
    if (message instanceof HttpResponse response) {
      headReceived(response);
    }
    if (message instanceof HttpContent content) {
      contentReceived(content);
    }
  }

  private void undecodable(Throwable cause) {
    // A head cut short is not malformed: the closing of the connection is about to be told.
    if (!(cause instanceof PrematureChannelClosureException)) {
      fail(GatewayFailure.of(FailureReason.UPSTREAM_PROTOCOL_ERROR, cause));
    }
  }

  private void headReceived(HttpResponse response) {
    HttpResponseStatus status = response.status();
    interim = status.codeClass() == HttpStatusClass.INFORMATIONAL;
    if (status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      // Nobody asked for it: Upgrade is not passed on.
      fail(GatewayFailure.of(FailureReason.UPSTREAM_PROTOCOL_ERROR));
    } else if (interim) {
      HopByHop.strip(response.headers());
      exchange.interim().send(status, response.headers());
    } else {
      head = response;
      body = new StreamedBody(length(response), this);
    }
  }

  private long length(HttpResponse response) {
    if (HttpUtil.isTransferEncodingChunked(response)) {
      return -1;
    }
    return exchange.request().method().equals(HttpMethod.HEAD)
            || response.status().code() == 204
            || response.status().code() == 304
        ? 0
        : HttpUtil.getContentLength(response, -1L);
  }

  private void contentReceived(HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (over || interim || body == null) {
      interim = interim && !last;
      content.release();
      return;
    }
    ByteBuf bytes = content.content();
    receivedBytes += bytes.readableBytes();
    if (bytes.isReadable()) {
      body.offer(bytes);
    } else {
      content.release();
    }
    if (last && !over) {
      completed(body, ((LastHttpContent) content).trailingHeaders());
    }
  }

  private void completed(StreamedBody whole, HttpHeaders trailers) {
    HttpResponse response = head;
    boolean reusable = requestSent && response != null && HttpUtil.isKeepAlive(response);
    if (!emitted && trailers.isEmpty() && whole.holdsAtMostOne()) {
      ByteBuf only = whole.takeOnly();
      over(reusable);
      emit(only == null ? Body.EMPTY : new FullBody(only));
    } else {
      over(reusable);
      whole.complete(trailers);
      if (!emitted) {
        emit(whole);
      }
    }
  }

  void readComplete() {
    if (head != null && !emitted && !over && body != null) {
      watch();
      emit(body);
    } else if (head == null && !over && connection != null) {
      // Part of a head, or an interim response: the final one is still to come.
      connection.ctx().read();
    }
  }

  private void emit(Body content) {
    HttpResponse response = head;
    if (response == null) {
      throw new IllegalStateException("no head to emit");
    }
    emitted = true;
    HttpHeaders headers = response.headers();
    HopByHop.strip(headers);
    if (content.length() < 0) {
      headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    }
    sink.success(new GatewayResponse(response.status(), headers, content));
  }

  @Override
  public void readMore() {
    if (!over && connection != null) {
      connection.ctx().read();
    }
  }

  @Override
  public void bodyCancelled() {
    over(false);
  }

  void connectionClosed(@Nullable Throwable error) {
    connection = null;
    FailureReason reason =
        error != null ? FailureReason.UPSTREAM_RESET : FailureReason.UPSTREAM_PREMATURE_END;
    fail(error == null ? GatewayFailure.of(reason) : GatewayFailure.of(reason, error));
  }

  @Override
  public boolean waiting() {
    return (body != null && body.waiting()) || (writer != null && writer.blocked());
  }

  @Override
  public long progress() {
    Http1Connection carrier = connection;
    ChannelOutboundBuffer pending =
        carrier == null ? null : carrier.ctx().channel().unsafe().outboundBuffer();
    long unsent = pending == null ? 0 : pending.totalPendingWriteBytes();
    return receivedBytes + (writer == null ? 0 : writer.written()) - unsent;
  }

  @Override
  public void stalled() {
    fail(GatewayFailure.of(FailureReason.UPSTREAM_IDLE_TIMEOUT));
  }

  private void watch() {
    if (guard == null) {
      guard = StallGuard.start(exchange.loop(), exchange.idle(), this);
    }
  }

  private void fail(GatewayFailure failure) {
    if (over) {
      return;
    }
    over(false);
    StreamedBody begun = body;
    if (emitted && begun != null) {
      exchange.record().flag(failure.reason());
      begun.fail(failure);
    } else {
      if (begun != null) {
        begun.discard();
      }
      sink.error(failure);
    }
  }

  private void over(boolean reusable) {
    over = true;
    exchange.record().attemptEnded(exchange.now());
    if (guard != null) {
      guard.stop();
    }
    if (writer != null) {
      writer.cancel();
    }
    Http1Connection carrier = connection;
    connection = null;
    if (carrier == null) {
      return;
    }
    if (reusable) {
      carrier.finish();
    } else {
      carrier.abandon();
    }
  }
}
