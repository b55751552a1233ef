package dev.headgate.policy.cache;

import dev.headgate.exchange.Body;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** One reader of what grows: offered to by the thread that fills, read on its own event loop. */
final class Tap implements Body, Subscription {
  private final Growing of;
  private final EventLoop loop;
  private final long length;
  private final Queue<ByteBuf> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicLong pending = new AtomicLong();
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile boolean ended;
  private volatile boolean over;
  private @Nullable Throwable error;
  private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;

  // On the loop.
  private @Nullable Subscriber<? super ByteBuf> reader;
  private long demand;
  private boolean draining;

  Tap(Growing of, EventLoop loop, long length) {
    this.of = of;
    this.loop = loop;
    this.length = length;
  }

  // ---- by the thread that fills

  /** More of it, owned from here on. */
  void offer(ByteBuf buffer) {
    pending.addAndGet(buffer.readableBytes());
    waiting.add(buffer);
    wake();
  }

  void end(@Nullable Throwable failure, HttpHeaders last) {
    error = failure;
    trailers = last;
    ended = true;
    wake();
  }

  /** Bytes that were offered and not read. */
  long pending() {
    return pending.get();
  }

  private void wake() {
    if (over) {
      release();
    } else if (woken.compareAndSet(false, true)) {
      try {
        loop.execute(this::woken);
      } catch (RejectedExecutionException shutDown) {
        over = true;
        release();
      }
    }
  }

  private void release() {
    for (ByteBuf buffer = waiting.poll(); buffer != null; buffer = waiting.poll()) {
      buffer.release();
    }
  }

  // ---- on the loop

  private void woken() {
    woken.set(false);
    drain();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean available() {
    return reader == null && !over;
  }

  @Override
  public HttpHeaders trailers() {
    return trailers;
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
    drain();
  }

  @Override
  public void request(long n) {
    demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
    drain();
  }

  @Override
  public void cancel() {
    over = true;
    release();
    of.left(this);
  }

  // The reader asks from within a call: the flag turns that recursion into a loop.
  private void drain() {
    Subscriber<? super ByteBuf> to = reader;
    if (draining || to == null) {
      return;
    }
    draining = true;
    boolean more = true;
    while (more && !over) {
      more = step(to);
    }
    draining = false;
    if (over) {
      release();
    }
  }

  private boolean step(Subscriber<? super ByteBuf> to) {
    // Read before the queue: what was offered before the end is there when the end is seen.
    boolean last = ended;
    ByteBuf next = demand > 0 ? waiting.poll() : null;
    if (next != null) {
      demand--;
      pending.addAndGet(-next.readableBytes());
      to.onNext(next);
      of.taken();
      return true;
    }
    if (last && waiting.isEmpty()) {
      over = true;
      if (error == null) {
        to.onComplete();
      } else {
        to.onError(error);
      }
    }
    return false;
  }
}
