package dev.headgate.policy.breaker;

import dev.headgate.exchange.Decision;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Try;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One try under the breaker. Its outcome is told once: at the head where that says it all, else at
 * the end of the body, so that a service which breaks its answers off is found out.
 */
final class BreakerMono extends MonoOperator<GatewayResponse, GatewayResponse> {
  private final GatewayExchange exchange;
  private final Try one;
  private final BreakerPolicy policy;

  BreakerMono(
      Mono<GatewayResponse> source, GatewayExchange exchange, Try one, BreakerPolicy policy) {
    super(source);
    this.exchange = exchange;
    this.one = one;
    this.policy = policy;
  }

  @Override
  public void subscribe(CoreSubscriber<? super GatewayResponse> actual) {
    Breaker breaker = policy.slot().breaker();
    Permission permission = breaker.tryAcquire();
    if (permission == null) {
      policy.decisions().made(exchange, Decision.BREAKER_OPEN, breaker.word());
      String seconds = Long.toString(breaker.retryAfterSeconds());
      Operators.error(
          actual,
          GatewayFailure.of(FailureReason.BREAKER_OPEN)
              .withHeader(HttpHeaderNames.RETRY_AFTER.toString(), seconds));
    } else {
      source.subscribe(new Watched(actual, breaker, permission));
    }
  }

  private final class Watched
      implements CoreSubscriber<GatewayResponse>, Subscription, Consumer<Try.End> {
    private final CoreSubscriber<? super GatewayResponse> actual;
    private final Breaker breaker;
    private final Permission permission;
    private @Nullable Subscription upstream;
    private boolean done;

    Watched(
        CoreSubscriber<? super GatewayResponse> actual, Breaker breaker, Permission permission) {
      this.actual = actual;
      this.breaker = breaker;
      this.permission = permission;
    }

    /** Nanoseconds since the try began; negative before. Waiting for the bulkhead is not in it. */
    private long ran() {
      return one.startNanos() < 0 ? -1 : exchange.now() - one.startNanos();
    }

    @Override
    public Context currentContext() {
      return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      upstream = subscription;
      actual.onSubscribe(this);
    }

    @Override
    public void onNext(GatewayResponse response) {
      if (done) {
        response.discard();
        return;
      }
      done = true;
      judge(response);
      actual.onNext(response);
      actual.onComplete();
    }

    private void judge(GatewayResponse response) {
      long ran = ran();
      if (ran < 0) {
        // Answered on the way, by whoever that was.
        breaker.unused(permission);
      } else if (policy.failures().contains(response.status().code())) {
        breaker.failed(permission, ran);
      } else if (response.endless()) {
        // It may last for hours, for which a half-open breaker would wait.
        breaker.succeeded(permission, ran);
      } else {
        permission.answered(ran);
        one.whenEnded(this);
      }
    }

    /** The body is over. */
    @Override
    public void accept(Try.End end) {
      if (end == Try.End.COMPLETE) {
        breaker.succeeded(permission, permission.headNanos());
      } else if (Blame.service(one.failure())) {
        breaker.failed(permission, permission.headNanos());
      } else {
        // Past the head a deadline passes for slow clients as well as for slow services.
        breaker.unused(permission);
      }
    }

    @Override
    public void onError(Throwable error) {
      if (done) {
        return;
      }
      done = true;
      if (Blame.service(error, one)) {
        breaker.failed(permission, Math.max(0, ran()));
      } else {
        breaker.unused(permission);
      }
      actual.onError(error);
    }

    @Override
    public void onComplete() {
      if (!done) {
        done = true;
        breaker.unused(permission);
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
      if (done) {
        return;
      }
      done = true;
      if (upstream != null) {
        upstream.cancel();
      }
      long left = exchange.deadline().remainingNanos(exchange.now());
      if (Blame.serviceForLettingGo(one, left, ran(), policy.patienceNanos())) {
        breaker.failed(permission, ran());
      } else {
        breaker.unused(permission);
      }
    }
  }
}
