package dev.headgate.exchange;

import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** The subscription of a body that has nothing more to give. */
enum NoSubscription implements Subscription {
  INSTANCE;

  static void complete(Subscriber<?> subscriber) {
    subscriber.onSubscribe(INSTANCE);
    subscriber.onComplete();
  }

  static void fail(Subscriber<?> subscriber, Throwable error) {
    subscriber.onSubscribe(INSTANCE);
    subscriber.onError(error);
  }

  @Override
  public void request(long n) {}

  @Override
  public void cancel() {}
}
