package dev.headgate.policy.breaker;

import java.util.concurrent.atomic.AtomicBoolean;

/** What one try may, and has to tell the breaker once. */
final class Permission {
  private final Phase phase;
  private final AtomicBoolean settled = new AtomicBoolean();
  private volatile long headNanos = -1;

  Permission(Phase phase) {
    this.phase = phase;
  }

  /** In which it was given. */
  Phase phase() {
    return phase;
  }

  /** A good answer has begun, so many nanoseconds after the try. */
  void answered(long nanos) {
    headNanos = nanos;
  }

  /** Until the head of a good answer, or -1. */
  long headNanos() {
    return headNanos;
  }

  /** True for the first who asks: what became of it is told once. */
  boolean settle() {
    return settled.compareAndSet(false, true);
  }
}
