package dev.headgate.upstream;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.HopByHop;
import dev.headgate.exchange.KeptBody;
import dev.headgate.exchange.Methods;
import dev.headgate.exchange.StallGuard;
import dev.headgate.exchange.StreamedBody;
import dev.headgate.exchange.Try;
import dev.headgate.exchange.Via;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * One try of one endpoint, over whichever protocol: gets a connection, sends the request, and emits
 * the response at its head, or whole where it came in one turn of reading. Everything happens on
 * the exchange's event loop.
 *
 * <p>After a 101 it is a tunnel: two directions of which each ends by itself, and which is over
 * when both have ended. Whatever carried it may carry another only after both messages have passed
 * whole; that is decided in {@link #over} and nowhere else.
 */
final class Attempt
    implements ConnectionPool.Acquirer,
        RequestBodyWriter.Owner,
        StreamedBody.Source,
        StallGuard.Watched {
  // More than any service has a use for; without a limit one could keep a client waiting for ever.
  private static final int MAX_INTERIM = 100;

  private final GatewayExchange exchange;
  private final Try one;
  private final Upstream upstream;
  private final Endpoint endpoint;
  private final MonoSink<GatewayResponse> sink;

  private @Nullable Runnable stopWaiting;
  private @Nullable Carrier carrier;
  private @Nullable RequestBodyWriter writer;
  private @Nullable StallGuard guard;
  private HttpResponseStatus status = HttpResponseStatus.OK;
  private HttpHeaders headers = EmptyHttpHeaders.INSTANCE;
  private @Nullable StreamedBody body;
  private boolean tunnel;
  private boolean requestSent;
  private boolean responseComplete;
  private boolean emitted;
  private boolean over;
  private @Nullable FailureReason why;
  private int interims;
  private long receivedBytes;

  Attempt(
      GatewayExchange exchange,
      Try one,
      Upstream upstream,
      Endpoint endpoint,
      MonoSink<GatewayResponse> sink) {
    this.exchange = exchange;
    this.one = one;
    this.upstream = upstream;
    this.endpoint = endpoint;
    this.sink = sink;
  }

  void start() {
    one.begun(endpoint.destination(), exchange.now());
    endpoint.tally().begun();
    exchange.record().attempt(one);
    sink.onCancel(this::cancelled);
    stopWaiting = endpoint.pool().acquire(exchange.loop(), this);
  }

  /** The chain has lost interest before the response was emitted. */
  private void cancelled() {
    if (emitted || over) {
      return;
    }
    if (carrier == null && stopWaiting != null) {
      stopWaiting.run();
    }
    if (body != null) {
      body.discard();
    }
    if (writer != null && !requestSent && !writer.blocked()) {
      one.awaitsClient();
    }
    over(false, Try.End.CANCELLED);
  }

  @Override
  public void ready(PooledConnection connection) {
    Carrier acquired = connection.carry(this);
    carrier = acquired;
    send(acquired);
    if (!over) {
      acquired.read();
    }
  }

  @Override
  public boolean hasOneShot() {
    return !Methods.isSafe(exchange.request().method().name()) || exchange.body().length() != 0;
  }

  private void send(Carrier to) {
    one.sends();
    RequestHead head = RequestHead.of(exchange, one, upstream, endpoint);
    Body content = exchange.body();
    if (head.upgrade() != null) {
      to.sendHead(head);
    } else if (head.length() == 0
        || content instanceof FullBody
        || (content instanceof KeptBody && content.trailers().isEmpty())) {
      requestSent = true;
      if (content instanceof FullBody full) {
        to.sendWhole(head, full.take(), Trailers.cleaned(full.trailers()));
      } else if (content instanceof KeptBody kept) {
        to.sendWhole(head, kept.copy(), Trailers.cleaned(kept.trailers()));
      } else {
        to.sendWhole(head, Unpooled.EMPTY_BUFFER, EmptyHttpHeaders.INSTANCE);
      }
    } else {
      to.sendHead(head);
      pump(content, to);
    }
  }

  private void pump(Body content, Carrier to) {
    if (!over) {
      writer = new RequestBodyWriter(content, to, this);
      watch();
      writer.start();
    }
  }

  @Override
  public void requestSent() {
    requestSent = true;
    if (tunnel && responseComplete) {
      over(true, Try.End.COMPLETE);
    }
  }

  @Override
  public void requestFailed(Throwable error) {
    failed(GatewayFailure.from(error));
  }

  /** The carrier takes more. */
  void writable() {
    if (writer != null) {
      writer.askMore();
    }
  }

  /** An interim response, never 101. */
  void interim(HttpResponseStatus interim, HttpHeaders fields) {
    if (over) {
      return;
    }
    if (++interims > MAX_INTERIM) {
      failed(GatewayFailure.of(FailureReason.UPSTREAM_PROTOCOL_ERROR));
    } else {
      HopByHop.strip(fields);
      passedHere(fields);
      exchange.interim().send(interim, fields);
    }
  }

  /**
   * The final response's head.
   *
   * @param length of the body where the framing tells it, else -1
   */
  void head(HttpResponseStatus code, HttpHeaders fields, long length) {
    status = code;
    headers = fields;
    one.answered(code.code());
    passedHere(fields);
    body = new StreamedBody(length, this);
  }

  private void passedHere(HttpHeaders fields) {
    if (carrier != null) {
      Via.addTo(fields, carrier.protocol());
    }
  }

  /** The service has agreed to the upgrade; what follows is the tunnel's. */
  void switched(HttpHeaders fields) {
    tunnel = true;
    head(HttpResponseStatus.SWITCHING_PROTOCOLS, fields, -1);
  }

  /** A piece of the response's body; this attempt's from here on. */
  void content(ByteBuf bytes) {
    if (over || body == null || !bytes.isReadable()) {
      bytes.release();
      return;
    }
    receivedBytes += bytes.readableBytes();
    body.offer(bytes);
  }

  /** The response has been received whole, or the service has ended its direction of the tunnel. */
  void complete(HttpHeaders trailers) {
    StreamedBody whole = body;
    if (over || whole == null || responseComplete) {
      return;
    }
    responseComplete = true;
    if (tunnel) {
      whole.complete(EmptyHttpHeaders.INSTANCE);
      if (requestSent) {
        over(true, Try.End.COMPLETE);
      }
      return;
    }
    HttpHeaders after = Trailers.cleaned(trailers);
    if (!emitted && after.isEmpty() && whole.holdsAtMostOne()) {
      ByteBuf only = whole.takeOnly();
      over(requestSent, Try.End.COMPLETE);
      emit(only == null ? Body.EMPTY : new FullBody(only));
    } else {
      over(requestSent, Try.End.COMPLETE);
      whole.complete(after);
      if (!emitted) {
        emit(whole);
      }
    }
  }

  /** All that came in this turn of reading has been told. */
  void readComplete() {
    if (over || emitted) {
      return;
    }
    if (body != null) {
      watch();
      emit(body);
      if (tunnel && carrier != null) {
        pump(exchange.body(), carrier);
      }
    } else {
      // Part of a head, or an interim response: the final one is still to come.
      readMore();
    }
  }

  private void emit(Body content) {
    emitted = true;
    HopByHop.strip(headers);
    if (content.length() < 0) {
      headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    }
    sink.success(new GatewayResponse(status, headers, content));
  }

  @Override
  public void readMore() {
    if (!over && carrier != null) {
      carrier.read();
    }
  }

  @Override
  public void bodyCancelled() {
    over(false, Try.End.CANCELLED);
  }

  @Override
  public boolean waiting() {
    return tunnel || (body != null && body.waiting()) || (writer != null && writer.blocked());
  }

  @Override
  public long progress() {
    long unsent = carrier == null ? 0 : carrier.unsent();
    return receivedBytes + (writer == null ? 0 : writer.written()) - unsent;
  }

  @Override
  public void stalled() {
    failed(GatewayFailure.of(FailureReason.UPSTREAM_IDLE_TIMEOUT));
  }

  private void watch() {
    if (guard == null) {
      guard = StallGuard.start(exchange.loop(), exchange.idle(), this);
    }
  }

  @Override
  public void failed(GatewayFailure failure) {
    if (over) {
      return;
    }
    why = failure.reason();
    over(false, Try.End.FAILED);
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

  private void over(boolean whole, Try.End end) {
    if (over) {
      return;
    }
    over = true;
    one.lasted(exchange.now());
    if (guard != null) {
      guard.stop();
    }
    if (writer != null) {
      writer.cancel();
    }
    Carrier released = carrier;
    carrier = null;
    if (released != null && whole) {
      released.finish();
    } else if (released != null) {
      released.abandon();
    }
    int answered = body == null ? 0 : status.code();
    endpoint
        .tally()
        .ended(Outcome.of(end, one.timedOut(), answered, why), one.startNanos(), exchange.now());
    if (why != null) {
      one.failed(why);
    } else {
      one.ended(end);
    }
  }
}
