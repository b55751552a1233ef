package dev.headgate.policy.idempotency;

import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/** A request that runs as if it had no key, and whose answer says so. */
final class Unprotected implements CoreSubscriber<GatewayResponse>, Subscription {
  private static final String UNPROTECTED = "unprotected";

  private final CoreSubscriber<? super GatewayResponse> actual;
  private @Nullable Subscription running;
  private boolean cancelled;

  Unprotected(CoreSubscriber<? super GatewayResponse> actual) {
    this.actual = actual;
  }

  @Override
  public Context currentContext() {
    return actual.currentContext();
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    running = subscription;
    if (cancelled) {
      subscription.cancel();
    } else {
      subscription.request(Long.MAX_VALUE);
    }
  }

  @Override
  public void onNext(GatewayResponse response) {
    if (cancelled) {
      response.discard();
    } else {
      response.headers().set(KeyedCall.STATUS_FIELD, UNPROTECTED);
      actual.onNext(response);
    }
  }

  @Override
  public void onError(Throwable error) {
    if (!cancelled) {
      actual.onError(
          error instanceof GatewayFailure failure
              ? failure.withHeader(KeyedCall.STATUS_FIELD.toString(), UNPROTECTED)
              : error);
    }
  }

  @Override
  public void onComplete() {
    if (!cancelled) {
      actual.onComplete();
    }
  }

  @Override
  public void request(long n) {}

  @Override
  public void cancel() {
    cancelled = true;
    if (running != null) {
      running.cancel();
    }
  }
}
