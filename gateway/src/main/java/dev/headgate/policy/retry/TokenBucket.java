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
  private volatile Limits limits;

  /**
   * In millionths of a token.
   *
   * @param share what each request brings in
   * @param perSecond what time brings in, up to one second's worth: a floor, not savings
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
  }

  /** Other limits from now on; what was saved stays, as far as they allow it. */
  void limits(Limits changed) {
    limits = changed;
  }

  /** One more request. */
  void deposit() {
    Limits now = limits;
    add(now.share(), now.most());
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
      add(elapsed * (now.perSecond() / 1000) / (NANOS / 1000), now.perSecond());
    }
  }

  private void add(long amount, long most) {
    long seen = balance.get();
    while (seen < most && !balance.compareAndSet(seen, Math.min(most, seen + amount))) {
      seen = balance.get();
    }
  }
}
