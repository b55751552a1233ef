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
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * One exchange of ours: runs the chain and writes what comes of it to the client's stream. It ends
 * exactly once, in {@link #end()}: when the last byte has left, when the client has gone, or when
 * it was aborted.
 */
final class EdgeExchange
    implements CoreSubscriber<GatewayResponse>,
        ResponseWriter.Owner,
        StallGuard.Watched,
        Dispatch.Running {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeExchange.class);

  private final ClientStream client;
  private final GatewayExchange exchange;
  private final PolicyChain chain;
  private final @Nullable StreamedBody requestBody;

  private @Nullable Subscription chainSubscription;
  private @Nullable ResponseWriter writer;
  private @Nullable StallGuard guard;
  private boolean headWritten;
  private boolean responseWritten;
  private boolean tunnel;
  private boolean ended;
  private long fullBodyBytes;

  /**
   * @param requestBody the body where one is still arriving, else null
   */
  EdgeExchange(
      ClientStream client,
      GatewayExchange exchange,
      PolicyChain chain,
      @Nullable StreamedBody requestBody) {
    this.client = client;
    this.exchange = exchange;
    this.chain = chain;
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

  GatewayExchange exchange() {
    return exchange;
  }

  // ---- what the client sends

  /** One piece of the request's body, or of what comes after a switch of protocols. */
  void received(ByteBuf bytes) {
    exchange.record().received(bytes.readableBytes());
    if (requestBody != null && bytes.isReadable()) {
      requestBody.offer(bytes);
    } else {
      bytes.release();
    }
  }

  /** The request has been received whole. */
  void requestComplete(HttpHeaders trailers) {
    if (requestBody != null) {
      requestBody.complete(trailers);
    }
  }

  /** The rest of the request cannot be read. */
  void requestBroken(@Nullable Throwable cause) {
    if (requestBody != null) {
      // What the service got of it is cut off by this, so that it cannot look complete.
      requestBody.fail(
          cause == null
              ? GatewayFailure.of(FailureReason.BAD_REQUEST)
              : GatewayFailure.of(FailureReason.BAD_REQUEST, cause));
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
    if (!tunnel) {
      exchange.record().flag(FailureReason.CLIENT_ABORTED);
    }
    if (!headWritten) {
      exchange.record().status(FailureReason.CLIENT_ABORTED.status());
    }
    cancelChain();
    end();
  }

  // ---- what the chain gives

  private void abort(GatewayFailure failure) {
    if (ended) {
      return;
    }
    cancelChain();
    if (headWritten) {
      exchange.record().flag(failure.reason());
      end();
      client.cut();
    } else {
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
    if (!headWritten && !ended) {
      client.interim(status, headers);
    }
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    chainSubscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(GatewayResponse response) {
    if (!exchange.loop().inEventLoop()) {
      exchange.loop().execute(() -> onNext(response));
    } else if (ended || headWritten) {
      response.discard();
    } else if (Upgrades.wouldAgree(exchange, response.status())) {
      response.discard();
      fail(GatewayFailure.of(FailureReason.METHOD_NOT_IMPLEMENTED));
    } else {
      write(response);
    }
  }

  @Override
  public void onComplete() {
    // The response itself is the end; a chain that ends without one is a defect of a policy.
    exchange
        .loop()
        .execute(
            () -> {
              if (!headWritten && !ended) {
                onError(new IllegalStateException("a policy gave no response"));
              }
            });
  }

  @Override
  public void onError(Throwable error) {
    if (!exchange.loop().inEventLoop()) {
      exchange.loop().execute(() -> onError(error));
    } else if (!headWritten && !ended) {
      fail(GatewayFailure.from(error));
    }
  }

  private void fail(GatewayFailure failure) {
    exchange.record().flag(failure.reason());
    if (failure.reason() == FailureReason.INTERNAL_ERROR) {
      RequestIds.of(exchange).during(() -> LOG.error("exchange failed", failure.getCause()));
    }
    HttpHeaders headers = exchange.headers();
    write(
        ErrorResponses.render(
            failure,
            headers.contains(HttpHeaderNames.ACCEPT)
                ? String.join(",", headers.getAll(HttpHeaderNames.ACCEPT))
                : null,
            RequestIds.of(exchange)));
  }

  // ---- what the client gets

  private void write(GatewayResponse response) {
    headWritten = true;
    int status = response.status().code();
    exchange.record().status(status);
    chain.onResponse(exchange, response);
    HttpDate.addIfAbsent(response.headers());
    if (status == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
      tunnel = true;
      client.tunnel(response);
      stream(response.body());
    } else if (!ResponseFraming.mayHaveContent(exchange.request().method(), status)) {
      response.discard();
      writeWhole(response, Unpooled.EMPTY_BUFFER, false);
    } else if (response.body() instanceof FullBody full && full.trailers().isEmpty()) {
      writeWhole(response, full.take(), true);
    } else if (response.body() == Body.EMPTY) {
      writeWhole(response, Unpooled.EMPTY_BUFFER, true);
    } else {
      client.head(response);
      stream(response.body());
    }
  }

  private void stream(Body body) {
    writer = new ResponseWriter(client, body, this);
    watch();
    writer.start();
  }

  private void writeWhole(GatewayResponse response, ByteBuf content, boolean mayHaveContent) {
    fullBodyBytes = content.readableBytes();
    responseWritten(client.whole(response, content, mayHaveContent));
  }

  @Override
  public void bodyComplete(HttpHeaders trailers) {
    responseWritten(client.last(trailers));
  }

  private void responseWritten(Future<?> sent) {
    responseWritten = true;
    sent.addListener(this::lastWritten);
    if (!ended) {
      // The client has yet to take it all.
      watch();
    }
    client.finished();
  }

  private void lastWritten(Future<?> written) {
    if (ended) {
      return;
    }
    if (!written.isSuccess() && !tunnel) {
      exchange.record().flag(FailureReason.CLIENT_ABORTED);
    }
    end();
  }

  @Override
  public void bodyFailed(Throwable error) {
    GatewayFailure failure = GatewayFailure.from(error);
    exchange.record().flag(failure.reason());
    end();
    client.cut();
  }

  // ---- what does not move

  private void watch() {
    if (guard == null) {
      guard = StallGuard.start(exchange.loop(), exchange.idle(), this);
    }
  }

  @Override
  public boolean waiting() {
    // In a tunnel either side may be silent as long as the other one speaks: all progress counts.
    return tunnel
        || (requestBody != null && requestBody.waiting())
        || responseWritten
        || (writer != null && !client.writable());
  }

  @Override
  public long progress() {
    return exchange.record().bytesIn() + sent() - client.unsent();
  }

  @Override
  public void stalled() {
    guard = null;
    GatewayFailure failure = GatewayFailure.of(FailureReason.CLIENT_TIMEOUT);
    if (requestBody != null && requestBody.waiting() && !headWritten) {
      client.requestAbandoned();
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
      endOf(requestBody);
    }
    exchange.record().sent(sent());
    exchange.ended();
    chain.onEnd(exchange);
  }

  // In a tunnel the service waits for the client's end, whichever side ended first.
  private void endOf(StreamedBody body) {
    if (tunnel) {
      body.complete(EmptyHttpHeaders.INSTANCE);
      body.abort(GatewayFailure.of(FailureReason.CLIENT_ABORTED));
    }
    body.cancel();
  }
}
