package dev.headgate.policy.bulkhead;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.Specs;
import dev.headgate.config.UpstreamConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * How many tries an upstream takes, over all event loops and all routes that use it.
 *
 * @param maxConcurrent tries that run at once; 1 to 1000000, 1024 unless written
 * @param maxWaiting tries that may wait for one of those to end; 0 to 65536, 1024 unless written
 * @param maxWait how long one waits at most; 1ms to 60s, 1s unless written
 */
record BulkheadConfig(int maxConcurrent, int maxWaiting, Duration maxWait) {
  // As many as the default pool has connections to one endpoint: neither is the tighter unasked.
  private static final Field<Integer> MAX_CONCURRENT =
      Field.withDefault(
          "max-concurrent",
          Specs.integer(1, 1_000_000),
          "1024",
          "Tries that run at once, each from asking for a connection to the last byte of its answer; an upgraded connection counts as long as it is open. pool.max-connections holds besides, for each endpoint: with HTTP/1.1 a try takes a connection of its own.");

  private static final Field<Integer> MAX_WAITING =
      Field.withDefault(
          "max-waiting",
          Specs.integer(0, 65_536),
          "1024",
          "Tries that wait for one of those to end, first come, first served; 0 turns away what cannot run at once. Hedges never wait.");

  private static final Field<Duration> MAX_WAIT =
      Field.withDefault(
          "max-wait",
          Specs.duration(Duration.ofMillis(1), Duration.ofMinutes(1)),
          "1s",
          "How long a try waits at most, and never beyond what is left of the request's total limit.");

  private static final ObjectSpec<BulkheadConfig> SPEC =
      Specs.object(
          v -> new BulkheadConfig(v.get(MAX_CONCURRENT), v.get(MAX_WAITING), v.get(MAX_WAIT)),
          MAX_CONCURRENT,
          MAX_WAITING,
          MAX_WAIT);

  static final BulkheadConfig DEFAULT = SPEC.defaults();

  static final ConfigKey<Optional<BulkheadConfig>> KEY =
      new ConfigKey<>(
          "bulkhead",
          Specs.orNone(SPEC),
          "How many tries run at the upstream at once, over all its endpoints and all routes, so that one slow service does not take the whole gateway's room. Beyond that tries wait; beyond those, or longer than max-wait, the answer is 503 BULKHEAD_FULL. Without it the defaults below hold; none leaves it out.");

  /** What holds for an upstream; empty where it says {@code none}. */
  static Optional<BulkheadConfig> of(UpstreamConfig upstream) {
    Optional<BulkheadConfig> written = upstream.extensions().get(KEY);
    return written == null ? Optional.of(DEFAULT) : written;
  }
}
