package dev.headgate.policy.retry;

import java.time.Duration;

/**
 * How long to wait before a try: exponential, with jitter, so that clients that failed together do
 * not come back together.
 *
 * @param base the most before the second try; it doubles with each further one
 * @param max beyond which it does not double
 * @param jitter how much of it is chance
 */
record Backoff(Duration base, Duration max, Jitter jitter) {
  static final Backoff DEFAULT =
      new Backoff(Duration.ofMillis(25), Duration.ofMillis(250), Jitter.FULL);

  private static final int MOST_DOUBLINGS = 16;

  enum Jitter {
    /** Anything from nothing to the whole. */
    FULL,
    /** Half of it, and anything up to the other half. */
    EQUAL
  }

  /**
   * @param tries so far, from 1
   * @param random 0 (inclusive) to 1 (exclusive)
   */
  long nanos(int tries, double random) {
    long least = leastNanos(tries);
    return least + (long) ((mostNanos(tries) - least) * random);
  }

  long leastNanos(int tries) {
    return jitter == Jitter.FULL ? 0 : mostNanos(tries) / 2;
  }

  long mostNanos(int tries) {
    return Math.min(max.toNanos(), base.toNanos() << Math.min(tries - 1, MOST_DOUBLINGS));
  }
}
