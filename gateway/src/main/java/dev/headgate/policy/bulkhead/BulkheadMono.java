package dev.headgate.policy.bulkhead;

import dev.headgate.exchange.Decision;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Step;
import dev.headgate.exchange.Try;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.concurrent.Future;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.util.context.Context;

/**
 * Holds a permit for as long as a try runs. Everything here is on the exchange's event loop, the
 * handing over of a permit included.
 */
final class BulkheadMono extends MonoOperator<GatewayResponse, GatewayResponse> {
  private final GatewayExchange exchange;
  private final Try one;
  private final BulkheadPolicy policy;
  private final Bulkhead bulkhead;

  BulkheadMono(
      Mono<GatewayResponse> source, GatewayExchange exchange, Try one, BulkheadPolicy policy) {
    super(source);
    this.exchange = exchange;
    this.one = one;
    this.policy = policy;
    this.bulkhead = policy.bulkhead();
  }

  @Override
  public void subscribe(CoreSubscriber<? super GatewayResponse> actual) {
    Held held = new Held(actual);
    actual.onSubscribe(held);
    held.begin();
  }

  private final class Held
      implements CoreSubscriber<GatewayResponse>, Subscription, Consumer<Try.End> {
    private final CoreSubscriber<? super GatewayResponse> actual;
    private @Nullable Subscription upstream;
    private @Nullable Waiting waiting;
    private @Nullable Future<?> limit;
    private long waitsSince;
    private boolean holds;
    private boolean done;

    Held(CoreSubscriber<? super GatewayResponse> actual) {
      this.actual = actual;
    }

    void begin() {
      if (done) {
        return;
      }
      if (bulkhead.tryAcquire()) {
        run();
      } else if (one.hedge()) {
        full("hedge");
      } else {
        queue();
      }
    }

    private void queue() {
      long left = exchange.deadline().cap(exchange.now(), bulkhead.limits().maxWait());
      Waiting place = left > 0 ? bulkhead.enqueue(exchange.loop(), this::granted) : null;
      if (place != null) {
        waiting = place;
        waitsSince = exchange.now();
        limit = exchange.loop().schedule(this::waitedLong, left, TimeUnit.NANOSECONDS);
        policy.decisions().made(exchange, Decision.BULKHEAD_WAIT, "");
      } else {
        turnedAway("queue");
      }
    }

    private void granted() {
      if (done) {
        // Let go since; its permit was given back there.
        return;
      }
      stopWaiting("granted");
      run();
    }

    private void waitedLong() {
      if (waiting != null && bulkhead.leave(waiting)) {
        stopWaiting("full");
        turnedAway("wait");
      }
    }

    // Whoever set the deadline ends the exchange by it; should that not have happened yet, this is
    // the same end, and not a full bulkhead.
    private void turnedAway(String why) {
      if (exchange.deadline().remainingNanos(exchange.now()) == 0) {
        done = true;
        actual.onError(GatewayFailure.of(FailureReason.DEADLINE_EXCEEDED));
      } else {
        full(why);
      }
    }

    private void full(String why) {
      done = true;
      policy.decisions().made(exchange, Decision.BULKHEAD_FULL, why);
      actual.onError(
          GatewayFailure.of(FailureReason.BULKHEAD_FULL)
              .withHeader(HttpHeaderNames.RETRY_AFTER.toString(), "1"));
    }

    private void run() {
      holds = true;
      one.whenEnded(this);
      try {
        source.subscribe(this);
      } catch (RuntimeException e) {
        // After a wait nobody is above to hear of it.
        onError(e);
      }
    }

    /** The try is over, its last byte included. */
    @Override
    public void accept(Try.End end) {
      release();
    }

    private void release() {
      if (holds) {
        holds = false;
        bulkhead.release();
      }
    }

    private void stopWaiting(String how) {
      waiting = null;
      exchange
          .record()
          .step(
              new Step(
                  Step.Kind.WAIT,
                  "bulkhead wait",
                  waitsSince,
                  exchange.now(),
                  Map.of("headgate.upstream", policy.upstream(), "headgate.wait.end", how)));
      if (limit != null) {
        limit.cancel(false);
      }
    }

    @Override
    public Context currentContext() {
      return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      if (done) {
        subscription.cancel();
      } else {
        upstream = subscription;
        subscription.request(Long.MAX_VALUE);
      }
    }

    @Override
    public void onNext(GatewayResponse response) {
      if (done) {
        response.discard();
        return;
      }
      done = true;
      if (one.startNanos() < 0) {
        // Answered on the way: there is no try whose end could be waited for.
        release();
      }
      actual.onNext(response);
      actual.onComplete();
    }

    @Override
    public void onError(Throwable error) {
      if (!done) {
        done = true;
        release();
        actual.onError(error);
      }
    }

    @Override
    public void onComplete() {
      if (!done) {
        done = true;
        release();
        actual.onComplete();
      }
    }

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {
      if (done) {
        return;
      }
      done = true;
      Waiting place = waiting;
      if (place != null) {
        stopWaiting("cancelled");
        if (!bulkhead.leave(place)) {
          bulkhead.release();
        }
      }
      if (upstream != null) {
        upstream.cancel();
      }
      release();
    }
  }
}
