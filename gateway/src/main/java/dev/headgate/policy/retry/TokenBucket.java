package dev.headgate.policy.retry;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tokens that requests bring in by fractions and further tries take out whole. Shared by all event
 * loops; nothing waits, and a full bucket, the usual case, is only read.
 */
final class TokenBucket {
  private static final long TOKEN = 1_000_000;
  private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

  private final AtomicLong balance;
  private final AtomicLong refilledNanos = new AtomicLong(Long.MIN_VALUE);
  // What requests have brought in beyond the floor lately. Negative: what time has brought in ahead
  // of them, and they still have to bring in before theirs counts. One second's worth either way.
  private final AtomicLong ahead;
  private volatile Limits limits;

  /**
   * In millionths of a token.
   *
   * @param share what each request brings in
   * @param perSecond what time brings in where requests bring in less, up to one second's worth: a
   *     floor, neither savings nor something on top
   * @param most what is saved of either
   */
  record Limits(long share, long perSecond, long most) {
    private static final int SAVED_SECONDS = 10;
    private static final int SAVED_TOKENS = 10;

    /**
     * @param percent of a token that each request brings in
     * @param perSecond whole tokens
     */
    static Limits of(double percent, int perSecond) {
      return new Limits(
          Math.round(percent * TOKEN / 100),
          perSecond * TOKEN,
          Math.max(SAVED_TOKENS, (long) SAVED_SECONDS * perSecond) * TOKEN);
    }
  }

  /** A bucket with one second's worth of its floor in it. */
  TokenBucket(Limits limits) {
    this.limits = limits;
    this.balance = new AtomicLong(limits.perSecond());
    this.ahead = new AtomicLong(-limits.perSecond());
  }

  /** Other limits from now on; what was saved stays, as far as they allow it. */
  void limits(Limits changed) {
    limits = changed;
  }

  /** One more request. */
  void deposit() {
    Limits now = limits;
    if (balance.get() < now.most()) {
      long behind = -Math.min(0, move(now.share(), now));
      add(Math.max(0, now.share() - behind), now.most());
    }
  }

  /**
   * Takes one token, if there is one.
   *
   * @param nowNanos of any event loop's ticker
   */
  boolean withdraw(long nowNanos) {
    Limits now = limits;
    refill(now, nowNanos);
    while (true) {
      long seen = balance.get();
      long usable = Math.min(seen, now.most());
      if (usable < TOKEN) {
        return false;
      }
      if (balance.compareAndSet(seen, usable - TOKEN)) {
        return true;
      }
    }
  }

  /**
   * Whole tokens that there are.
   *
   * @param nowNanos of any event loop's ticker
   */
  long tokens(long nowNanos) {
    Limits now = limits;
    refill(now, nowNanos);
    return Math.min(balance.get(), now.most()) / TOKEN;
  }

  /** Brings back a token for which nothing was done. */
  void giveBack() {
    add(TOKEN, limits.most());
  }

  private void refill(Limits now, long nowNanos) {
    long last = refilledNanos.get();
    if (last == Long.MIN_VALUE) {
      refilledNanos.compareAndSet(last, nowNanos);
      return;
    }
    long elapsed = Math.min(NANOS, nowNanos - last);
    // Too little to count is left for later, so that nothing is lost to rounding.
    if (elapsed >= NANOS / 1000 && refilledNanos.compareAndSet(last, nowNanos)) {
      long due = elapsed * (now.perSecond() / 1000) / (NANOS / 1000);
      long covered = Math.min(due, Math.max(0, ahead.get()));
      move(-covered - add(due - covered, now.perSecond()), now);
    }
  }

  /** Returns what requests were ahead by before. */
  private long move(long amount, Limits now) {
    while (true) {
      long seen = ahead.get();
      long next = Math.max(-now.perSecond(), Math.min(now.perSecond(), seen + amount));
      if (ahead.compareAndSet(seen, next)) {
        return seen;
      }
    }
  }

  /** Returns how much of it there was room for. */
  private long add(long amount, long most) {
    while (true) {
      long seen = balance.get();
      long next = Math.max(seen, Math.min(most, seen + amount));
      if (seen == next || balance.compareAndSet(seen, next)) {
        return next - seen;
      }
    }
  }
}
