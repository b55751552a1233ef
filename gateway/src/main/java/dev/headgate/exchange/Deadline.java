package dev.headgate.exchange;

import java.time.Duration;

/**
 * The moment by which an exchange must be over, in nanoseconds of its event loop's ticker.
 * Everything that waits takes the lesser of its own limit and what remains.
 */
public final class Deadline {
  /** No limit. */
  public static final Deadline NONE = new Deadline(Long.MAX_VALUE);

  private final long atNanos;

  private Deadline(long atNanos) {
    this.atNanos = atNanos;
  }

  /**
   * @param nowNanos the ticker's reading
   * @param limit how long from now; a positive duration
   */
  public static Deadline after(long nowNanos, Duration limit) {
    return new Deadline(nowNanos + limit.toNanos());
  }

  /** Whether there is no limit at all. */
  public boolean isNone() {
    return this == NONE;
  }

  /** Nanoseconds left, 0 when it has passed, {@link Long#MAX_VALUE} when there is no limit. */
  public long remainingNanos(long nowNanos) {
    return isNone() ? Long.MAX_VALUE : Math.max(0, atNanos - nowNanos);
  }

  /** The lesser of a limit and what remains, in nanoseconds. */
  public long cap(long nowNanos, Duration limit) {
    return Math.min(limit.toNanos(), remainingNanos(nowNanos));
  }
}
