package dev.headgate.policy.timeout;

import dev.headgate.exchange.Deadline;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.util.context.Context;

/**
 * A limit on the event loop's own timer. Reactor's {@code timeout} would hop to another scheduler
 * and costs 3 to 8 % of throughput; this is one entry in a queue that the loop keeps anyway.
 */
final class TimeLimit extends MonoOperator<GatewayResponse, GatewayResponse> {
  private final GatewayExchange exchange;
  private final long nanos;
  private final FailureReason reason;
  private final boolean coversBody;
  private final Runnable blame;

  private TimeLimit(
      Mono<GatewayResponse> source,
      GatewayExchange exchange,
      long nanos,
      FailureReason reason,
      boolean coversBody,
      Runnable blame) {
    super(source);
    this.exchange = exchange;
    this.nanos = nanos;
    this.reason = reason;
    this.coversBody = coversBody;
    this.blame = blame;
  }

  /** A limit that ends at the response's head. */
  static Mono<GatewayResponse> untilHead(
      Mono<GatewayResponse> source, GatewayExchange exchange, long nanos, FailureReason reason) {
    return untilHead(source, exchange, nanos, reason, () -> {});
  }

  /**
   * A limit that ends at the response's head.
   *
   * @param blame is run when there is none in time, before the source is cancelled
   */
  static Mono<GatewayResponse> untilHead(
      Mono<GatewayResponse> source,
      GatewayExchange exchange,
      long nanos,
      FailureReason reason,
      Runnable blame) {
    return new TimeLimit(source, exchange, nanos, reason, false, blame);
  }

  /**
   * A limit that goes on to the end of the exchange; past the head it aborts. An event stream and a
   * tunnel have no end to wait for, so they are let go at their head; their idle limit stays.
   */
  static Mono<GatewayResponse> untilEnd(
      Mono<GatewayResponse> source, GatewayExchange exchange, long nanos, FailureReason reason) {
    return untilEnd(source, exchange, nanos, reason, () -> {});
  }

  /**
   * The same.
   *
   * @param blame is run when there is no head in time, before the source is cancelled
   */
  static Mono<GatewayResponse> untilEnd(
      Mono<GatewayResponse> source,
      GatewayExchange exchange,
      long nanos,
      FailureReason reason,
      Runnable blame) {
    return new TimeLimit(source, exchange, nanos, reason, true, blame);
  }

  @Override
  public void subscribe(CoreSubscriber<? super GatewayResponse> actual) {
    source.subscribe(new Limited(actual));
  }

  private final class Limited implements CoreSubscriber<GatewayResponse>, Subscription {
    private final CoreSubscriber<? super GatewayResponse> actual;
    private @Nullable Subscription upstream;
    private @Nullable Future<?> timer;
    private boolean done;

    Limited(CoreSubscriber<? super GatewayResponse> actual) {
      this.actual = actual;
    }

    @Override
    public Context currentContext() {
      return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      upstream = subscription;
      timer = exchange.loop().schedule(this::expired, nanos, TimeUnit.NANOSECONDS);
      actual.onSubscribe(this);
    }

    private void expired() {
      GatewayFailure failure = GatewayFailure.of(reason);
      if (done && exchange.deadline().isNone()) {
        // A fallback has answered since, without end.
        return;
      }
      if (done) {
        exchange.abort(failure);
      } else {
        blame.run();
        cancel();
        actual.onError(failure);
      }
    }

    @Override
    public void onNext(GatewayResponse response) {
      if (done) {
        response.discard();
        return;
      }
      done = true;
      if (!coversBody) {
        stopTimer();
      } else if (response.endless()) {
        stopTimer();
        exchange.deadline(Deadline.NONE);
      } else {
        exchange.onEnd(this::stopTimer);
      }
      actual.onNext(response);
      actual.onComplete();
    }

    @Override
    public void onError(Throwable error) {
      if (!done) {
        stop();
        actual.onError(error);
      }
    }

    @Override
    public void onComplete() {
      if (!done) {
        stop();
        actual.onComplete();
      }
    }

    @Override
    public void request(long n) {
      if (upstream != null) {
        upstream.request(n);
      }
    }

    @Override
    public void cancel() {
      stop();
      if (upstream != null) {
        upstream.cancel();
      }
    }

    private void stop() {
      done = true;
      stopTimer();
    }

    private void stopTimer() {
      if (timer != null) {
        timer.cancel(false);
      }
    }
  }
}
