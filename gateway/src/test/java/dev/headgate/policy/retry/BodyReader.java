package dev.headgate.policy.retry;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Reads a body as it is told to. */
final class BodyReader implements Subscriber<ByteBuf> {
  private final StringBuilder got = new StringBuilder();
  private @Nullable Subscription subscription;
  private boolean complete;
  private @Nullable Throwable error;

  void request(long n) {
    if (subscription != null) {
      subscription.request(n);
    }
  }

  void cancel() {
    if (subscription != null) {
      subscription.cancel();
    }
  }

  String got() {
    return got.toString();
  }

  boolean complete() {
    return complete;
  }

  boolean failed() {
    return error != null;
  }

  boolean ended() {
    return complete || error != null;
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
  }

  @Override
  public void onNext(ByteBuf buffer) {
    got.append(buffer.toString(StandardCharsets.US_ASCII));
    buffer.release();
  }

  @Override
  public void onError(Throwable cause) {
    if (ended()) {
      throw new AssertionError("a second end", cause);
    }
    error = cause;
  }

  @Override
  public void onComplete() {
    if (ended()) {
      throw new AssertionError("a second end");
    }
    complete = true;
  }
}
