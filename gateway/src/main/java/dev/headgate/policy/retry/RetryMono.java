package dev.headgate.policy.retry;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Subscribes to the rest of the chain once a try. One operator; nothing but itself a request. */
final class RetryMono extends Mono<GatewayResponse> {
  private final GatewayExchange exchange;
  private final Next next;
  private final int maxAttempts;
  private final DoubleSupplier random;

  RetryMono(GatewayExchange exchange, Next next, int maxAttempts, DoubleSupplier random) {
    this.exchange = exchange;
    this.next = next;
    this.maxAttempts = maxAttempts;
    this.random = random;
  }

  @Override
  public void subscribe(CoreSubscriber<? super GatewayResponse> actual) {
    Tries tries = new Tries(actual);
    actual.onSubscribe(tries);
    tries.attempt();
  }

  private final class Tries implements CoreSubscriber<GatewayResponse>, Subscription {
    private final CoreSubscriber<? super GatewayResponse> actual;
    private @Nullable Subscription current;
    private @Nullable Future<?> backoff;
    private int attempts;
    private boolean answered;
    private boolean over;

    Tries(CoreSubscriber<? super GatewayResponse> actual) {
      this.actual = actual;
    }

    void attempt() {
      if (!over) {
        if (attempts++ > 0) {
          exchange.anotherTry(false);
        }
        answered = false;
        call().subscribe(this);
      }
    }

    // A policy that throws: nobody is above a later try to hear of it but the event loop.
    private Mono<GatewayResponse> call() {
      try {
        return next.run(exchange);
      } catch (RuntimeException e) {
        return Mono.error(e);
      }
    }

    @Override
    public Context currentContext() {
      return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      if (over) {
        subscription.cancel();
      } else {
        current = subscription;
        subscription.request(Long.MAX_VALUE);
      }
    }

    @Override
    public void onNext(GatewayResponse response) {
      answered = true;
      if (over) {
        response.discard();
      } else if (RetryDecision.afterStatus(exchange, response.status().code()) && again()) {
        response.discard();
      } else {
        over = true;
        actual.onNext(response);
        actual.onComplete();
      }
    }

    @Override
    public void onError(Throwable error) {
      boolean worth =
          error instanceof GatewayFailure failure
              && RetryDecision.afterFailure(exchange, failure.reason());
      if (!over && !(worth && again())) {
        over = true;
        actual.onError(error);
      }
    }

    /** Schedules the next try, unless there have been enough or it would come too late. */
    private boolean again() {
      long wait = RetryDecision.backoffNanos(attempts, random.getAsDouble());
      if (attempts >= maxAttempts || wait >= exchange.deadline().remainingNanos(exchange.now())) {
        return false;
      }
      backoff = exchange.loop().schedule(this::attempt, wait, TimeUnit.NANOSECONDS);
      return true;
    }

    @Override
    public void onComplete() {
      if (!answered && !over) {
        // A policy behind this one gave nothing: whoever runs the chain tells that defect.
        over = true;
        actual.onComplete();
      }
    }

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {
      if (!over) {
        over = true;
        if (backoff != null) {
          backoff.cancel(false);
        }
        if (current != null) {
          current.cancel();
        }
      }
    }
  }
}
