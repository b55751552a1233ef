package dev.headgate.policy.idempotency;

import dev.headgate.telemetry.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of keys. */
final class KeyMeters {
  private final MeterRegistry registry;
  private final AtomicInteger inFlight = new AtomicInteger();

  KeyMeters(MeterRegistry registry) {
    this.registry = registry;
    Meters.IDEMPOTENCY_IN_FLIGHT.gauge(registry, inFlight, AtomicInteger::get);
  }

  Counting counting() {
    return new Counting();
  }

  /**
   * What one chain counts into, looked up once: that takes longer than all else that is counted
   * here. Not for all chains, since what was counted for routes that are gone is let go.
   */
  final class Counting {
    private final Map<Outcome, Counter> counters = new ConcurrentHashMap<>();

    void count(@Nullable String route, KeyOutcome outcome) {
      counters
          .computeIfAbsent(
              new Outcome(Objects.requireNonNullElse(route, ""), outcome),
              one ->
                  Meters.IDEMPOTENCY_REQUESTS.counter(registry, one.route(), one.outcome().word()))
          .increment();
    }
  }

  private record Outcome(String route, KeyOutcome outcome) {}

  /** A key was claimed. */
  void claimed() {
    inFlight.incrementAndGet();
  }

  /** A claim has been ended, or given up. */
  void settled() {
    inFlight.decrementAndGet();
  }
}
