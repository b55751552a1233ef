package dev.headgate.policy.idempotency;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Reads a body to its end and keeps nothing of it. */
final class Drained implements Subscriber<ByteBuf> {
  private final Consumer<@Nullable Throwable> then;

  /**
   * @param then is told null when all has been read, or what kept it from that
   */
  Drained(Consumer<@Nullable Throwable> then) {
    this.then = then;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(ByteBuf buffer) {
    buffer.release();
  }

  @Override
  public void onError(Throwable error) {
    then.accept(error);
  }

  @Override
  public void onComplete() {
    then.accept(null);
  }
}
