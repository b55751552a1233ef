package dev.headgate.policy.retry;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.Spec;
import dev.headgate.config.Specs;
import dev.headgate.config.Values;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a route tries again.
 *
 * @param maxAttempts tries in all, the first included; 1 to 10, 1 never tries again
 * @param on what a try may end in to be tried again
 * @param backoff how long to wait before
 * @param maxBody bytes of a request's body that are kept to be sent again, 0 to 16 MiB
 */
record RetryConfig(int maxAttempts, RetryOn on, Backoff backoff, long maxBody) {
  private static final long MIB = 1024 * 1024;
  private static final int MOST_WORDS = 64;

  private static final Field<Duration> BASE =
      Field.withDefault(
          "base",
          Specs.duration(Duration.ofMillis(1), Duration.ofSeconds(10)),
          "25ms",
          "The most that is waited before the second try; twice as much before each further one.");

  private static final Field<Duration> MAX =
      Field.withDefault(
          "max",
          Specs.duration(Duration.ofMillis(1), Duration.ofSeconds(60)),
          "250ms",
          "Where the doubling ends. At least base; where only base is written, and is longer, that.");

  private static final Field<Backoff.Jitter> JITTER =
      Field.withDefault(
          "jitter",
          Specs.enumOf(Backoff.Jitter.class),
          "full",
          "How much of a wait is chance: full is anything from nothing to the whole, equal at least its half.");

  private static final ObjectSpec<Backoff> BACKOFF_SPEC =
      Specs.object(RetryConfig::backoff, BASE, MAX, JITTER);

  private static final Field<Integer> MAX_ATTEMPTS =
      Field.withDefault(
          "max-attempts",
          Specs.integer(1, 10),
          "3",
          "Tries in all, the first included; 1 never tries again.");

  private static final Field<List<String>> ON =
      Field.otherwise(
          "on",
          Specs.listOf(
              Specs.text(RetryOn.WORD, ProblemCode.BAD_VALUE, RetryOn.EXPECTED), 1, MOST_WORDS),
          RetryOn.DEFAULT_WORDS,
          "[connect-failure, reset, refused, 502, 503, 504]",
          "What a try may end in to be tried again: connect-failure (no connection, no TLS session, no address), reset (the connection ended before the answer's head was whole), refused (a refused connection, and what HTTP/2 says that the service did not process), timeout (per-try was reached), statuses, and 5xx for all from 500 on.");

  private static final Field<Backoff> BACKOFF =
      Field.nested("backoff", BACKOFF_SPEC, "How long to wait before a try.");

  private static final Field<Long> MAX_BODY =
      Field.withDefault(
          "max-body",
          Specs.size(0, 16 * MIB),
          "64KiB",
          "Bytes of the request's body that are kept, while they stream, to be sent again. A longer body streams through, and is not sent again once the service was given any of it.");

  private static final ObjectSpec<RetryConfig> SPEC =
      Specs.object(
          v ->
              new RetryConfig(
                  v.get(MAX_ATTEMPTS), RetryOn.of(v.get(ON)), v.get(BACKOFF), v.get(MAX_BODY)),
          MAX_ATTEMPTS,
          ON,
          BACKOFF,
          MAX_BODY);

  /** What holds where nothing is written. */
  static final RetryConfig DEFAULT = SPEC.defaults();

  /** {@code none}. */
  static final RetryConfig NEVER = new RetryConfig(1, DEFAULT.on(), DEFAULT.backoff(), 0);

  static final ConfigKey<RetryConfig> KEY =
      new ConfigKey<>(
          "retry",
          spec(),
          "Tries again, at another endpoint where there is one, what is safe to repeat: idempotent methods (GET, HEAD, OPTIONS, TRACE, PUT, DELETE), and others where the failure proves that the service never got the request. Retry-After is honoured: a pause that does not fit the deadline ends it, and that answer is passed on; so is one that says for how long it is to be kept (max-age, s-maxage). The upstream's retry-budget bounds it. none never tries again.");

  private static Spec<RetryConfig> spec() {
    return Specs.wordOr("none", NEVER, SPEC);
  }

  private static @Nullable Backoff backoff(Values v) {
    Duration base = v.get(BASE);
    Duration max = v.get(MAX);
    if (base.compareTo(max) > 0) {
      if (v.written(MAX)) {
        v.problem(MAX, ProblemCode.OUT_OF_RANGE, "is shorter than base (expected: base or longer)");
        return null;
      }
      max = base;
    }
    return new Backoff(base, max, v.get(JITTER));
  }
}
