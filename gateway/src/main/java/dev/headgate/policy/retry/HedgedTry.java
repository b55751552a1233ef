package dev.headgate.policy.retry;

import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Try;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/** The try that runs beside the first. */
final class HedgedTry implements CoreSubscriber<GatewayResponse> {
  private final Tries tries;
  private final Try one;
  private @Nullable Subscription running;
  private boolean ended;

  HedgedTry(Tries tries, Try one) {
    this.tries = tries;
    this.one = one;
  }

  /** Whether nothing more comes of it. */
  boolean ended() {
    return ended;
  }

  void cancel() {
    if (!ended) {
      ended = true;
      if (running != null) {
        running.cancel();
      }
    }
  }

  @Override
  public Context currentContext() {
    return tries.currentContext();
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    if (ended) {
      subscription.cancel();
    } else {
      running = subscription;
      subscription.request(Long.MAX_VALUE);
    }
  }

  @Override
  public void onNext(GatewayResponse response) {
    ended = true;
    tries.answered(one, response);
  }

  @Override
  public void onError(Throwable error) {
    if (!ended) {
      ended = true;
      tries.failed(error);
    }
  }

  @Override
  public void onComplete() {
    if (!ended) {
      ended = true;
      tries.failed(new IllegalStateException("a policy gave no response"));
    }
  }
}
