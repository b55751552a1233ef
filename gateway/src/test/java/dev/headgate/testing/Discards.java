package dev.headgate.testing;

import dev.headgate.exchange.Body;
import io.netty.buffer.ByteBuf;
import org.reactivestreams.Subscriber;

/** A body that only counts how often it was dropped. */
public final class Discards implements Body {
  private final long length;
  private int count;
  private boolean taken;

  /** Of a length that nobody knows. */
  public Discards() {
    this(-1);
  }

  public Discards(long length) {
    this.length = length;
  }

  /** From here on it is as if somebody had read it. */
  public void take() {
    taken = true;
  }

  public int count() {
    return count;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean available() {
    return !taken;
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuf> subscriber) {
    throw new AssertionError("nobody was to read this");
  }

  @Override
  public void discard() {
    count++;
  }
}
