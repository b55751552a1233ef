package dev.headgate.policy.breaker;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.Specs;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.Values;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When an upstream is no longer asked, and how that ends.
 *
 * @param failureRate percent of the window that opens the breaker; above 0, at most 100
 * @param failureStatus answers of the service that are failures
 * @param slowCall beyond which a try is slow, up to its answer's head; null to tell none slow
 * @param slowCallRate percent of the window that, being slow, opens the breaker
 * @param window tries that are looked at, the latest; 1 to 10000
 * @param minimumCalls tries before which nothing is judged; 1 to window
 * @param openFor how long nothing is asked; 100ms to 1h
 * @param halfOpenCalls tries that then decide; 1 to 1000
 * @param rampUp how long after those it takes to let everything through again; 0s to 10m
 */
record BreakerConfig(
    double failureRate,
    Statuses failureStatus,
    @Nullable Duration slowCall,
    double slowCallRate,
    int window,
    int minimumCalls,
    Duration openFor,
    int halfOpenCalls,
    Duration rampUp) {
  private static final Field<Double> FAILURE_RATE =
      Field.withDefault(
          "failure-rate",
          Specs.percent(0.01, 100),
          "50%",
          "Share of failures in the window from which on the service is not asked.");

  private static final Field<Statuses> FAILURE_STATUS =
      Field.otherwise(
          "failure-status",
          Statuses.SPEC,
          Statuses.SERVER_ERRORS,
          "[5xx]",
          "Answers of the service that are failures: statuses of 400 to 599, 4xx, 5xx. Timeouts, resets and connections that fail always are.");

  private static final Field<Duration> SLOW_CALL =
      Field.optional(
          "slow-call",
          Specs.duration(Duration.ofMillis(1), Duration.ofHours(1)),
          "A try that takes longer is slow, from asking for a connection to its answer's head. Without it none is.");

  private static final Field<Double> SLOW_CALL_RATE =
      Field.withDefault(
          "slow-call-rate",
          Specs.percent(0.01, 100),
          "80%",
          "Share of slow tries in the window from which on the service is not asked. With slow-call only.");

  private static final Field<Integer> WINDOW =
      Field.withDefault(
          "window", Specs.integer(1, 10_000), "100", "How many tries are looked at, the latest.");

  private static final Field<Integer> MINIMUM_CALLS =
      Field.optional(
          "minimum-calls",
          Specs.integer(1, 10_000),
          "Tries before which nothing is judged; the whole window unless written.");

  private static final Field<Duration> OPEN_FOR =
      Field.withDefault(
          "open-for",
          Specs.duration(Duration.ofMillis(100), Duration.ofHours(1)),
          "10s",
          "How long the service is not asked at all.");

  private static final Field<Integer> HALF_OPEN_CALLS =
      Field.withDefault(
          "half-open-calls",
          Specs.integer(1, 1_000),
          "5",
          "Tries that are let through after that; by their rates it closes or opens again. One that has not ended after a minute, or open-for where that is longer, counts by whether its answer has begun.");

  private static final Field<Duration> RAMP_UP =
      Field.withDefault(
          "ramp-up",
          Specs.duration(Duration.ZERO, Duration.ofMinutes(10)),
          "10s",
          "After closing, the share of tries let through grows from 10% to all of them in this time, so that a service that has just come back is not overrun; 0s lets all through at once.");

  private static final ObjectSpec<BreakerConfig> SPEC =
      Specs.object(
          BreakerConfig::of,
          FAILURE_RATE,
          FAILURE_STATUS,
          SLOW_CALL,
          SLOW_CALL_RATE,
          WINDOW,
          MINIMUM_CALLS,
          OPEN_FOR,
          HALF_OPEN_CALLS,
          RAMP_UP);

  static final BreakerConfig DEFAULT = SPEC.defaults();

  static final ConfigKey<Optional<BreakerConfig>> KEY =
      new ConfigKey<>(
          "circuit-breaker",
          Specs.orNone(SPEC),
          "Does not ask a service that fails: the answer is 503 BREAKER_OPEN at once, with Retry-After. One breaker for the upstream, over all its endpoints and all routes that use it. Without it the defaults below hold; none leaves it out.");

  /** What holds for an upstream; empty where it says {@code none}. */
  static Optional<BreakerConfig> of(UpstreamConfig upstream) {
    Optional<BreakerConfig> written = upstream.extensions().get(KEY);
    return written == null ? Optional.of(DEFAULT) : written;
  }

  private static @Nullable BreakerConfig of(Values v) {
    int window = v.get(WINDOW);
    Integer minimum = v.find(MINIMUM_CALLS);
    if (minimum != null && minimum > window) {
      v.problem(
          MINIMUM_CALLS,
          ProblemCode.OUT_OF_RANGE,
          "is more than the window holds (expected: at most " + window + ")");
    }
    Duration slow = v.find(SLOW_CALL);
    if (slow == null && v.written(SLOW_CALL_RATE)) {
      v.problem(
          SLOW_CALL_RATE,
          ProblemCode.MISSING_KEY,
          "says nothing without slow-call (expected: slow-call beside it)");
    }
    return new BreakerConfig(
        v.get(FAILURE_RATE),
        v.get(FAILURE_STATUS),
        slow,
        v.get(SLOW_CALL_RATE),
        window,
        minimum == null ? window : minimum,
        v.get(OPEN_FOR),
        v.get(HALF_OPEN_CALLS),
        v.get(RAMP_UP));
  }
}
