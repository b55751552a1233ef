package dev.headgate.policy.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * From one transition of a breaker to the next. The measurements tell phases apart: each closed and
 * each half-open one has its own, and an open one those that opened it.
 */
final class Phase {
  // A tenth of the load shows whether the service holds, and is some traffic at once.
  private static final double LEAST_ADMITTED = 0.1;
  private static final long ONE = 1L << 32;

  private final State state;
  private final CircuitBreaker.Metrics measured;
  private final long sinceNanos;
  private final long lastsNanos;
  private final AtomicLong credit = new AtomicLong(ONE - 1);
  private final Set<Permission> onTrial;

  /**
   * @param lastsNanos how long it stays open, or how long it takes to ramp up; 0 for no such time
   */
  Phase(State state, CircuitBreaker.Metrics measured, long sinceNanos, long lastsNanos) {
    this.state = state;
    this.measured = measured;
    this.sinceNanos = sinceNanos;
    this.lastsNanos = lastsNanos;
    this.onTrial = state == State.HALF_OPEN ? ConcurrentHashMap.newKeySet() : Set.of();
  }

  State state() {
    return state;
  }

  CircuitBreaker.Metrics measured() {
    return measured;
  }

  boolean is(State other, CircuitBreaker.Metrics itsMeasured) {
    return state == other && measured == itsMeasured;
  }

  long sinceNanos() {
    return sinceNanos;
  }

  /** What is left of the time it lasts; 0 where there is none. */
  long leftNanos(long now) {
    return Math.max(0, lastsNanos - (now - sinceNanos));
  }

  /** The same in seconds for a client that may come back, at least one. */
  long leftSeconds(long now) {
    long second = TimeUnit.SECONDS.toNanos(1);
    return Math.max(1, (leftNanos(now) + second - 1) / second);
  }

  /** Whether it has closed lately, and does not let everything through yet. */
  boolean ramping(long now) {
    return lastsNanos > 0 && state == State.CLOSED && now - sinceNanos < lastsNanos;
  }

  /** Whether one more is not among those that pass while it ramps up. */
  boolean turnsAway(LongSupplier nanos) {
    if (lastsNanos == 0 || state != State.CLOSED) {
      return false;
    }
    long now = nanos.getAsLong();
    return ramping(now) && !admits(now);
  }

  /**
   * Whether one more passes while it ramps up. Shares are dealt out evenly rather than drawn, so
   * that little traffic gets its share too.
   */
  private boolean admits(long now) {
    double elapsed = (double) (now - sinceNanos) / lastsNanos;
    double share = LEAST_ADMITTED + (1 - LEAST_ADMITTED) * Math.min(1, Math.max(0, elapsed));
    long step = (long) (share * ONE);
    long before = credit.getAndAdd(step);
    return (before + step) / ONE > before / ONE;
  }

  /** Heeded in a half-open phase alone. */
  void trialBegins(Permission permission) {
    if (state == State.HALF_OPEN) {
      onTrial.add(permission);
    }
  }

  void trialOver(Permission permission) {
    if (state == State.HALF_OPEN) {
      onTrial.remove(permission);
    }
  }

  /** Those of a half-open phase that have not ended; empty in any other. */
  Set<Permission> onTrial() {
    return onTrial;
  }
}
