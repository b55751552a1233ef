package dev.headgate.policy.idempotency;

import dev.headgate.telemetry.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
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

  void count(@Nullable String route, KeyOutcome outcome) {
    Meters.IDEMPOTENCY_REQUESTS
        .counter(registry, Objects.requireNonNullElse(route, ""), outcome.word())
        .increment();
  }

  /** A key was claimed. */
  void claimed() {
    inFlight.incrementAndGet();
  }

  /** A claim has been ended, or given up. */
  void settled() {
    inFlight.decrementAndGet();
  }
}
