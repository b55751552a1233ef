package dev.headgate.policy.bulkhead;

import io.netty.channel.EventLoop;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The permits of one upstream, for all event loops; nothing here ever blocks.
 *
 * <p>One word holds both counts: permits that are out, and tries that wait. While nobody waits a
 * permit costs one compare-and-set. As soon as somebody does, everybody queues, so that nobody
 * overtakes. A permit for the one that waits longest is taken before that one is taken out of the
 * queue, by whoever made it possible: who gave one back, who raised the limit, or who has just
 * queued. That last one closes the gap between being refused and being in the queue: no permit that
 * comes free in it is lost.
 *
 * <p>The queue is a skip list, not a linked one: thousands whose clients go away leave it from its
 * middle, at once, at a logarithm's cost.
 *
 * <p>A limit that is lowered takes no permit away: those that are out count, and no other is given
 * until there are few enough.
 *
 * <p>Not final for the mutants of its property test alone.
 */
class Bulkhead {
  private static final long ONE_WAITING = 1L << 32;

  private final AtomicLong counts = new AtomicLong();
  private final AtomicLong tickets = new AtomicLong();
  private final ConcurrentSkipListSet<Waiting> queue = new ConcurrentSkipListSet<>();
  private volatile BulkheadConfig limits;

  Bulkhead(BulkheadConfig limits) {
    this.limits = limits;
  }

  BulkheadConfig limits() {
    return limits;
  }

  /** Other limits, from now on. */
  void limits(BulkheadConfig changed) {
    limits = changed;
    serve();
  }

  /** Permits that are out. */
  int inUse() {
    return inUse(counts.get());
  }

  /** Tries that wait. */
  int waiting() {
    return waiting(counts.get());
  }

  /** Takes a permit where one is free and nobody waits for it. */
  boolean tryAcquire() {
    long seen = counts.get();
    while (waiting(seen) == 0 && inUse(seen) < limits.maxConcurrent()) {
      if (counts.compareAndSet(seen, seen + 1)) {
        return true;
      }
      seen = counts.get();
    }
    return false;
  }

  /**
   * Queues for a permit.
   *
   * @param granted run on the loop with the permit, which is then the caller's, unless {@link
   *     #leave} was in time
   * @return null where the queue is full
   */
  @Nullable Waiting enqueue(EventLoop loop, Runnable granted) {
    if (!takePlace()) {
      return null;
    }
    Waiting waiting = new Waiting(tickets.getAndIncrement(), loop, granted);
    queue.add(waiting);
    serve();
    return waiting;
  }

  private boolean takePlace() {
    long seen = counts.get();
    while (waiting(seen) < limits.maxWaiting()) {
      if (counts.compareAndSet(seen, seen + ONE_WAITING)) {
        return true;
      }
      seen = counts.get();
    }
    return false;
  }

  /**
   * Gives a place in the queue up.
   *
   * @return false where it has a permit already, which is the caller's to give back
   */
  boolean leave(Waiting waiting) {
    if (!waiting.claim()) {
      return false;
    }
    // Whoever takes it out of the queue counts it out; that may be the giver of a permit, who then
    // finds it claimed.
    if (queue.remove(waiting)) {
      counts.addAndGet(-ONE_WAITING);
    }
    return true;
  }

  /** Gives a permit back. */
  void release() {
    if (waiting(counts.decrementAndGet()) > 0) {
      serve();
    }
  }

  /** Gives what is free to those that wait. */
  void serve() {
    while (reserve()) {
      Waiting next = next(queue);
      if (next == null) {
        counts.decrementAndGet();
        // Counted in but not queued yet: it serves itself when it is, unless it did so while this
        // held the permit.
        if (queue.isEmpty()) {
          return;
        }
      } else {
        counts.addAndGet(-ONE_WAITING);
        if (!next.grant()) {
          counts.decrementAndGet();
        }
      }
    }
  }

  /** Takes the one whose turn it is out of the queue. */
  @Nullable Waiting next(NavigableSet<Waiting> waiting) {
    return waiting.pollFirst();
  }

  /** Takes a permit for one that waits. */
  private boolean reserve() {
    long seen = counts.get();
    while (waiting(seen) > 0 && inUse(seen) < limits.maxConcurrent()) {
      if (counts.compareAndSet(seen, seen + 1)) {
        return true;
      }
      seen = counts.get();
    }
    return false;
  }

  private static int inUse(long counts) {
    return (int) counts;
  }

  private static int waiting(long counts) {
    return (int) (counts >>> 32);
  }
}
