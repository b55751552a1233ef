package dev.headgate.policy.fallback;

import dev.headgate.exchange.Decision;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Methods;
import dev.headgate.exchange.Try;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import dev.headgate.telemetry.Decisions;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.util.context.Context;

/** Puts another answer in the place of one that is of no use, once. */
record Fallback(FallbackOn on, Instead instead, Decisions decisions) implements Policy.Around {
  /** Says on an answer that it is one, and what it stands in for: a failure's code or a status. */
  static final String MARK = "x-headgate-fallback";

  /**
   * Where the other answer comes from.
   *
   * @param asks whether it is a service that is asked, which takes time and the request's body
   */
  record Instead(Next next, boolean asks) {}

  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    return new Guarded(next.run(exchange), exchange);
  }

  private final class Guarded extends MonoOperator<GatewayResponse, GatewayResponse> {
    private final GatewayExchange exchange;

    Guarded(Mono<GatewayResponse> source, GatewayExchange exchange) {
      super(source);
      this.exchange = exchange;
    }

    @Override
    public void subscribe(CoreSubscriber<? super GatewayResponse> actual) {
      source.subscribe(new First(exchange, actual));
    }
  }

  /** Hears the service out, and the one that stands in for it after that. */
  private final class First implements CoreSubscriber<GatewayResponse>, Subscription {
    private final GatewayExchange exchange;
    private final CoreSubscriber<? super GatewayResponse> actual;
    private @Nullable Subscription current;
    private @Nullable String cause;
    private boolean over;
    // The first one's completion, after an answer that was replaced.
    private boolean owed;

    First(GatewayExchange exchange, CoreSubscriber<? super GatewayResponse> actual) {
      this.exchange = exchange;
      this.actual = actual;
    }

    @Override
    public Context currentContext() {
      return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      boolean first = current == null;
      current = subscription;
      if (first) {
        actual.onSubscribe(this);
      }
      if (over) {
        subscription.cancel();
      } else {
        subscription.request(Long.MAX_VALUE);
      }
    }

    @Override
    public void onNext(GatewayResponse response) {
      if (over) {
        response.discard();
      } else if (cause == null && on.answered(response.status().code()) && possible(false)) {
        response.discard();
        owed = true;
        standIn(Integer.toString(response.status().code()));
      } else {
        over = true;
        if (cause != null) {
          response.headers().set(MARK, cause);
        }
        actual.onNext(response);
        actual.onComplete();
      }
    }

    @Override
    public void onError(Throwable error) {
      if (over) {
        return;
      }
      FailureReason reason = GatewayFailure.from(error).reason();
      if (cause == null && on.failed(reason) && possible(reason.provesNotReceived())) {
        exchange.record().flag(reason);
        standIn(reason.name());
      } else {
        over = true;
        actual.onError(error);
      }
    }

    // A service cannot be asked without time, nor without the body that the first one was given;
    // and where that one may have acted, another must not act again.
    private boolean possible(boolean notReceived) {
      return !instead.asks()
          || (((notReceived && exchange.record().tries().stream().noneMatch(Try::ambiguous))
                  || Methods.isIdempotent(exchange.request().method().name()))
              && !exchange.bodyTaken()
              && exchange.deadline().remainingNanos(exchange.now()) > 0);
    }

    private void standIn(String why) {
      cause = why;
      decisions.made(exchange, Decision.FALLBACK, why);
      if (instead.asks()) {
        exchange.anotherTry(false);
      }
      ask().subscribe(this);
    }

    private Mono<GatewayResponse> ask() {
      try {
        return instead.next().run(exchange);
      } catch (RuntimeException defect) {
        return Mono.error(defect);
      }
    }

    // A policy behind this one that gave nothing: whoever runs the chain tells that defect.
    @Override
    public void onComplete() {
      if (owed) {
        owed = false;
      } else if (!over) {
        over = true;
        actual.onComplete();
      }
    }

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {
      over = true;
      if (current != null) {
        current.cancel();
      }
    }
  }
}
