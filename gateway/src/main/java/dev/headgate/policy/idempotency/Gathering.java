package dev.headgate.policy.idempotency;

import dev.headgate.exchange.Body;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Reads a body until it is whole, or is longer than what is to be held: then it is a body itself,
 * which gives what was read and goes on with the rest as its subscriber asks. One that is
 * subscribed to before anything was read only passes on.
 *
 * <p><b>Ownership.</b> The source is its own; what it holds is released when it is cancelled or
 * discarded, and is the caller's after {@link #take()}. Bytes are copied unless one buffer is the
 * whole: a body in drops would hold a whole read's memory for each of them.
 *
 * <p>Confined to the exchange's event loop.
 */
final class Gathering implements Body, Subscriber<ByteBuf>, Subscription {
  private static final int FIRST_ROOM = 4 * 1024;

  private final Body source;
  private final int most;
  private final @Nullable MessageDigest digest;
  private @Nullable Listener listener;
  private @Nullable Subscriber<? super ByteBuf> reader;
  private @Nullable Subscription arriving;
  private @Nullable ByteBuf content;
  private @Nullable ByteBuf excess;
  private long demand;
  private boolean asked;
  private boolean sourceEnded;
  private @Nullable Throwable error;
  private boolean draining;
  private boolean over;

  /** Who waits for the body; told one of these, once. */
  interface Listener {
    /** It is here whole. */
    void whole();

    /** It is longer: what was read, and the rest, is to be had by subscribing. */
    void tooLong();

    void failed(Throwable error);
  }

  /**
   * @param source owned from here on
   * @param most bytes to hold
   * @param digest updated with all that passes; null for none
   */
  Gathering(Body source, int most, @Nullable MessageDigest digest) {
    this.source = source;
    this.most = most;
    this.digest = digest;
  }

  /** Begins to read. */
  void begin(Listener told) {
    listener = told;
    source.subscribe(this);
  }

  /** What was read, the caller's from here on; after {@link Listener#whole}. */
  ByteBuf take() {
    ByteBuf all = content;
    content = null;
    return all == null ? Unpooled.EMPTY_BUFFER : all;
  }

  /** Whether nothing of the source is still to come. */
  boolean arrivedWhole() {
    return sourceEnded && error == null;
  }

  @Override
  public long length() {
    return source.length();
  }

  @Override
  public boolean available() {
    return reader == null && !over;
  }

  @Override
  public HttpHeaders trailers() {
    return source.trailers();
  }

  @Override
  public void discard() {
    if (reader == null) {
      cancel();
    }
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuf> subscriber) {
    if (reader != null || over) {
      throw new IllegalStateException("this body has been consumed");
    }
    reader = subscriber;
    subscriber.onSubscribe(this);
    if (arriving == null && !over) {
      source.subscribe(this);
    }
    drain();
  }

  @Override
  public void request(long n) {
    demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
    drain();
  }

  @Override
  public void cancel() {
    if (over) {
      return;
    }
    over = true;
    listener = null;
    letGo();
    if (arriving == null) {
      source.discard();
    } else if (!sourceEnded) {
      arriving.cancel();
    }
  }

  private void letGo() {
    ByteBuf held = content;
    content = null;
    ByteBuf more = excess;
    excess = null;
    if (held != null) {
      held.release();
    }
    if (more != null) {
      more.release();
    }
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    arriving = subscription;
    if (listener != null) {
      subscription.request(1);
    }
  }

  @Override
  public void onNext(ByteBuf buffer) {
    asked = false;
    if (over) {
      buffer.release();
      return;
    }
    if (digest != null) {
      Digests.add(digest, buffer);
    }
    Listener gatherer = listener;
    if (gatherer == null) {
      excess = buffer;
      drain();
    } else if (size() + buffer.readableBytes() <= most) {
      keep(buffer);
      if (arriving != null) {
        arriving.request(1);
      }
    } else {
      excess = buffer;
      listener = null;
      gatherer.tooLong();
    }
  }

  private int size() {
    return content == null ? 0 : content.readableBytes();
  }

  private void keep(ByteBuf buffer) {
    if (content == null && buffer.readableBytes() == source.length()) {
      content = buffer;
      return;
    }
    if (content == null) {
      int room = Math.max(Math.min(FIRST_ROOM, most), buffer.readableBytes());
      content = buffer.alloc().buffer(room, Math.max(most, room));
    }
    content.writeBytes(buffer);
    buffer.release();
  }

  @Override
  public void onComplete() {
    sourceEnded = true;
    Listener gatherer = listener;
    if (gatherer != null) {
      listener = null;
      gatherer.whole();
    } else {
      drain();
    }
  }

  @Override
  public void onError(Throwable failure) {
    sourceEnded = true;
    error = failure;
    Listener gatherer = listener;
    if (gatherer != null) {
      over = true;
      listener = null;
      letGo();
      gatherer.failed(failure);
    } else {
      drain();
    }
  }

  // Both sides answer from within a call: the flag turns that recursion into a loop.
  private void drain() {
    if (draining) {
      return;
    }
    draining = true;
    boolean more = true;
    while (more && !over) {
      Subscriber<? super ByteBuf> to = reader;
      more = to != null && step(to);
    }
    draining = false;
  }

  private boolean step(Subscriber<? super ByteBuf> to) {
    ByteBuf next = content == null ? excess : content;
    if (next != null) {
      if (demand == 0) {
        return false;
      }
      if (content == null) {
        excess = null;
      } else {
        content = null;
      }
      demand--;
      to.onNext(next);
      return true;
    }
    if (sourceEnded) {
      over = true;
      if (error == null) {
        to.onComplete();
      } else {
        to.onError(error);
      }
      return false;
    }
    if (demand > 0 && !asked && arriving != null) {
      asked = true;
      arriving.request(1);
      return !asked || sourceEnded;
    }
    return false;
  }
}
