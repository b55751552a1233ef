package dev.headgate.policy.cache;

import dev.headgate.exchange.Body;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Who waits for a {@link Fill}. Safe for all threads; each is told on its own event loop. */
final class Waiters {
  private final Runnable whenOver;
  private final List<Waiter> waiting = new ArrayList<>(2);
  private @Nullable Waiter first;
  private @Nullable Growing content;
  private @Nullable Head head;
  private boolean over;

  /**
   * @param whenOver there is nothing to wait for any more; may run more than once
   */
  Waiters(Runnable whenOver) {
    this.whenOver = whenOver;
  }

  /** The one whose request it is; before all others. */
  synchronized void begin(Waiter initiator) {
    first = initiator;
    waiting.add(initiator);
  }

  /** False where there is nothing to wait for any more. */
  boolean join(Waiter waiter) {
    Body body;
    Head there;
    synchronized (this) {
      if (over) {
        return false;
      }
      Growing growing = content;
      there = head;
      if (growing == null || there == null) {
        waiting.add(waiter);
        return true;
      }
      body = growing.open(waiter.loop());
    }
    if (body == null) {
      return false;
    }
    waiter.growing(there, there.headers().copy(), body);
    return true;
  }

  /** Is not to be told. True where nobody else is, and nothing has come. */
  synchronized boolean leave(Waiter waiter) {
    waiting.remove(waiter);
    if (first == waiter) {
      first = null;
    }
    return waiting.isEmpty() && content == null;
  }

  /** The one whose request it is, unless it has left. */
  synchronized @Nullable Waiter first() {
    return first;
  }

  /**
   * An answer is coming; whoever joins from here on gets it too.
   *
   * @param whole its headers, with what is not kept: for the first
   */
  void growing(Head kept, Growing growing, HttpHeaders whole) {
    List<Waiter> told;
    Waiter own;
    synchronized (this) {
      content = growing;
      head = kept;
      told = List.copyOf(waiting);
      own = first;
      waiting.clear();
    }
    for (Waiter waiter : told) {
      HttpHeaders headers = waiter == own ? whole : kept.headers().copy();
      // Now, and not when it hears of it: by then all of it may have come and gone.
      Body body = growing.open(waiter.loop());
      if (body != null) {
        on(waiter.loop(), () -> waiter.growing(kept, headers, body));
      }
    }
  }

  /**
   * Tells all; nobody waits after that.
   *
   * @param what to be said to one, and whether that is the first; made at once, said on its loop
   */
  void tell(BiFunction<Waiter, Boolean, Runnable> what) {
    List<Waiter> told;
    Waiter own;
    synchronized (this) {
      over = true;
      told = List.copyOf(waiting);
      own = first;
      waiting.clear();
    }
    whenOver.run();
    for (Waiter waiter : told) {
      on(waiter.loop(), what.apply(waiter, waiter == own));
    }
  }

  /** Nobody is to wait any more. */
  void noMore() {
    synchronized (this) {
      over = true;
    }
    whenOver.run();
  }

  static void on(EventLoop loop, Runnable action) {
    if (loop.inEventLoop()) {
      action.run();
    } else {
      try {
        loop.execute(action);
      } catch (RejectedExecutionException shutDown) {
        // The process ends, and its clients' connections with it.
      }
    }
  }
}
