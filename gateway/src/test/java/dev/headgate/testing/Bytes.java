package dev.headgate.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Takes a body, asking only for what a test lets it. */
public final class Bytes implements Subscriber<ByteBuf> {
  private final List<String> pieces = new ArrayList<>();
  private @Nullable Subscription subscription;
  private @Nullable Throwable error;
  private int ends;

  /** A counted buffer. */
  public static ByteBuf of(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }

  @Override
  public void onSubscribe(Subscription wanted) {
    subscription = wanted;
  }

  public Bytes request(long n) {
    subscription().request(n);
    return this;
  }

  public void cancel() {
    subscription().cancel();
  }

  private Subscription subscription() {
    if (subscription == null) {
      throw new AssertionError("no subscription");
    }
    return subscription;
  }

  @Override
  public void onNext(ByteBuf buffer) {
    pieces.add(buffer.toString(ISO_8859_1));
    buffer.release();
  }

  @Override
  public void onError(Throwable cause) {
    error = cause;
    ends++;
  }

  @Override
  public void onComplete() {
    ends++;
  }

  public List<String> pieces() {
    return pieces;
  }

  public @Nullable Throwable error() {
    return error;
  }

  /** Whether it ended whole. */
  public boolean completed() {
    return ends == 1 && error == null;
  }

  /** Signals that ended it: 0 or 1. */
  public int ends() {
    return ends;
  }
}
