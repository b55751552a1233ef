package dev.headgate.policy.retry;

import dev.headgate.telemetry.Decisions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Policies as tests want them. */
final class Retries {
  static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  static final RetryOn ON = RetryOn.of(RetryOn.DEFAULT_WORDS);

  private Retries() {}

  /** Tokens without end. */
  static TokenBucket plenty() {
    return new TokenBucket(TokenBucket.Limits.of(100, 100_000));
  }

  static Retry of(int maxAttempts, TokenBucket budget) {
    return of(new RetryConfig(maxAttempts, ON, Backoff.DEFAULT, 64), budget, null, () -> 1.0);
  }

  static Retry of(int maxAttempts) {
    return of(maxAttempts, plenty());
  }

  static Retry of(
      RetryConfig config, TokenBucket budget, @Nullable Hedge hedge, DoubleSupplier random) {
    return new Retry(
        config,
        budget,
        hedge,
        false,
        new Retry.Tools(random, InstantSource.fixed(NOW), Decisions.UNCOUNTED));
  }

  static RetryOn on(String... words) {
    return RetryOn.of(List.of(words));
  }
}
