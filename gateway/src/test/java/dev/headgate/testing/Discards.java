package dev.headgate.testing;

import dev.headgate.exchange.Body;
import io.netty.buffer.ByteBuf;
import org.reactivestreams.Subscriber;

/** A body that only counts how often it was dropped. */
public final class Discards implements Body {
  private int count;

  public int count() {
    return count;
  }

  @Override
  public long length() {
    return -1;
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
