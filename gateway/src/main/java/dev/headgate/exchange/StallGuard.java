package dev.headgate.exchange;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends what waits for bytes that do not move. It samples rather than being told of each byte, so it
 * costs the data path nothing; a stall is noticed after one to one and a quarter of the limit.
 */
public final class StallGuard {
  private static final int SAMPLES_PER_LIMIT = 4;
  private static final long MIN_PERIOD_NANOS = 1_000_000;

  /** What is being watched; called on the event loop. */
  public interface Watched {
    /** Whether somebody now waits for the other side. */
    boolean waiting();

    /** Any number that changes when bytes move. */
    long progress();

    /** Nothing has moved for the whole limit; the guard has stopped. */
    void stalled();
  }

  private final EventLoop loop;
  private final long limitNanos;
  private final Watched watched;
  private long seenProgress;
  private long seenNanos;
  private @Nullable Future<?> next;

  private StallGuard(EventLoop loop, Duration limit, Watched watched) {
    this.loop = loop;
    this.limitNanos = limit.toNanos();
    this.watched = watched;
  }

  /** Starts watching; the caller stops it when there is nothing left to watch. */
  public static StallGuard start(EventLoop loop, Duration limit, Watched watched) {
    StallGuard guard = new StallGuard(loop, limit, watched);
    guard.moved(watched.progress());
    guard.schedule();
    return guard;
  }

  public void stop() {
    Future<?> pending = next;
    next = null;
    if (pending != null) {
      pending.cancel(false);
    }
  }

  private void moved(long progress) {
    seenProgress = progress;
    seenNanos = loop.ticker().nanoTime();
  }

  private void schedule() {
    long period = Math.max(MIN_PERIOD_NANOS, limitNanos / SAMPLES_PER_LIMIT);
    next = loop.schedule(this::sample, period, TimeUnit.NANOSECONDS);
  }

  private void sample() {
    if (next == null) {
      return;
    }
    long progress = watched.progress();
    if (!watched.waiting() || progress != seenProgress) {
      moved(progress);
    } else if (loop.ticker().nanoTime() - seenNanos >= limitNanos) {
      next = null;
      watched.stalled();
      return;
    }
    schedule();
  }
}
