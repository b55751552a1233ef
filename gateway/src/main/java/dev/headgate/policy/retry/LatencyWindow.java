package dev.headgate.policy.retry;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One percentile of what a route's tries took in the last half minute to minute. Recording is
 * wait-free; the percentile is worked out at most once a second, by whoever asks then.
 *
 * <p>Two histograms of 20 KiB each, whatever the traffic: the one that is written, and the one
 * before it.
 */
final class LatencyWindow {
  /** The percentile has to have this many samples beyond it to be more than chance. */
  private static final int SAMPLES_BEYOND = 5;

  private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MOST_MICROS = TimeUnit.SECONDS.toMicros(60);
  private static final int DIGITS = 2;
  private static final int ALL = 100;
  private static final long NEVER = Long.MIN_VALUE;

  private final double percentile;
  private final long minimum;
  private final AtomicReference<@Nullable Pair> pair = new AtomicReference<>();
  private final AtomicLong workedOutNanos = new AtomicLong(NEVER);
  private volatile long nanos = -1;

  private record Pair(AtomicHistogram writing, AtomicHistogram before, long sinceNanos) {}

  /**
   * @param percentile 50 to 99.9
   */
  LatencyWindow(double percentile) {
    this.percentile = percentile;
    this.minimum = Math.round(SAMPLES_BEYOND * ALL / (ALL - percentile));
  }

  private static AtomicHistogram histogram() {
    return new AtomicHistogram(MOST_MICROS, DIGITS);
  }

  void record(long tookNanos, long nowNanos) {
    long micros = TimeUnit.NANOSECONDS.toMicros(tookNanos);
    turned(nowNanos).writing().recordValue(Math.max(1, Math.min(MOST_MICROS, micros)));
  }

  /** The percentile in nanoseconds, or -1 while there are too few samples. */
  long nanos(long nowNanos) {
    long last = workedOutNanos.get();
    boolean stale = last == NEVER || nowNanos - last >= STALE_NANOS;
    if (stale && workedOutNanos.compareAndSet(last, nowNanos)) {
      nanos = workOut(turned(nowNanos));
    }
    return nanos;
  }

  private long workOut(Pair current) {
    Histogram both = new Histogram(MOST_MICROS, DIGITS);
    both.add(current.before());
    both.add(current.writing());
    return both.getTotalCount() < minimum
        ? -1
        : TimeUnit.MICROSECONDS.toNanos(both.getValueAtPercentile(percentile));
  }

  // A sample that goes to a histogram just after it was turned over is in the window all the same.
  private Pair turned(long nowNanos) {
    Pair seen = pair.get();
    long age = seen == null ? 2 * TURN_NANOS : nowNanos - seen.sinceNanos();
    if (seen != null && age < TURN_NANOS) {
      return seen;
    }
    AtomicHistogram before = seen != null && age < 2 * TURN_NANOS ? seen.writing() : histogram();
    Pair next = new Pair(histogram(), before, nowNanos);
    if (pair.compareAndSet(seen, next)) {
      return next;
    }
    Pair theirs = pair.get();
    return theirs == null ? next : theirs;
  }
}
