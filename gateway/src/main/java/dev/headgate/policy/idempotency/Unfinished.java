package dev.headgate.policy.idempotency;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a store has failed to do and tries again, until it is done or too old to matter. Bounded:
 * where there is no room, the key stays as it is, claimed until its lease ends and unknown after
 * that.
 */
final class Unfinished {
  private static final Logger LOG = LoggerFactory.getLogger("dev.headgate.idempotency");
  private static final int MOST = 10_000;
  private static final long MOST_BYTES = 32L << 20;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final BiConsumer<Duration, Runnable> later;
  private final LongSupplier ticker;

  // Guarded by this.
  private final Queue<Task> waiting = new ArrayDeque<>();
  private int count;
  private long bytes;
  private long forgotten;

  /**
   * @param later runs something after a while
   */
  Unfinished(BiConsumer<Duration, Runnable> later, LongSupplier ticker) {
    this.later = later;
    this.ticker = ticker;
  }

  private final class Task {
    private final Supplier<CompletionStage<?>> action;
    private final int size;
    private final long until;
    private Duration pause = FIRST_PAUSE;
    private boolean queued;

    Task(Supplier<CompletionStage<?>> action, int size, long until) {
      this.action = action;
      this.size = size;
      this.until = until;
    }

    void run() {
      action
          .get()
          .whenComplete(
              (done, error) -> {
                if (error == null || ticker.getAsLong() - until >= 0) {
                  end(this);
                } else {
                  again(this);
                }
              });
    }
  }

  /**
   * Does it now, and again until it succeeds.
   *
   * @param action to be repeated when its stage fails
   * @param size of what it holds, in bytes
   * @param worth for how long it is worth doing
   */
  void add(Supplier<CompletionStage<?>> action, int size, Duration worth) {
    Task task = new Task(action, size, ticker.getAsLong() + worth.toNanos());
    synchronized (this) {
      if (count >= MOST || bytes + size > MOST_BYTES) {
        // Once in a while is enough to say so.
        if (Long.bitCount(++forgotten) == 1) {
          LOG.warn(
              "Too much is to be made up for: {} keys stay claimed until their leases end",
              forgotten);
        }
        return;
      }
      count++;
      bytes += size;
    }
    task.run();
  }

  private void again(Task task) {
    Duration pause = task.pause;
    Duration next = pause.multipliedBy(2);
    task.pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    synchronized (this) {
      task.queued = true;
      waiting.add(task);
    }
    later.accept(pause, () -> runQueued(task));
  }

  private void runQueued(Task task) {
    synchronized (this) {
      if (!task.queued) {
        return;
      }
      task.queued = false;
      waiting.remove(task);
    }
    task.run();
  }

  private synchronized void end(Task task) {
    count--;
    bytes -= task.size;
  }

  /** The store is there again: nothing waits any longer. */
  void now() {
    List<Task> all;
    synchronized (this) {
      all = new ArrayList<>(waiting);
      waiting.clear();
      all.forEach(task -> task.queued = false);
    }
    all.forEach(Task::run);
  }

  synchronized int count() {
    return count;
  }
}
