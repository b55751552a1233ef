package dev.headgate.policy.idempotency;

import dev.headgate.exchange.GatewayExchange;
import java.time.Duration;

/**
 * How long a claim holds, as its owner counts it: from before it was asked for, so that it never
 * thinks it holds what the store has given up.
 *
 * @param fromNanos of the event loop's ticker
 */
record Lease(long fromNanos, Duration length) {
  /** After the deadline, for the outcome to be written down. */
  static final Duration GRACE = Duration.ofSeconds(5);

  /** Where there is no deadline, and each time that a lease is renewed. */
  static final Duration RENEWED = Duration.ofSeconds(30);

  /** For a request that begins to run now. */
  static Lease of(GatewayExchange exchange) {
    long now = exchange.now();
    long left = exchange.deadline().remainingNanos(now);
    return new Lease(now, left == Long.MAX_VALUE ? RENEWED : Duration.ofNanos(left).plus(GRACE));
  }

  boolean live(long nowNanos) {
    return leftNanos(nowNanos) > 0;
  }

  long leftNanos(long nowNanos) {
    return length.toNanos() - (nowNanos - fromNanos);
  }

  IdempotencyStore.Claim claim(Token token, Fingerprint fingerprint, Duration ttl) {
    return new IdempotencyStore.Claim(token, fingerprint, length, ttl);
  }
}
