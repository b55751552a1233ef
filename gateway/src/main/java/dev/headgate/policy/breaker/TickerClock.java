package dev.headgate.policy.breaker;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * The event loops' ticker as resilience4j asks for time. Its instants mean nothing but their
 * distance: the wall clock may be set, and an open breaker must not wait for that.
 */
final class TickerClock extends Clock {
  private final LongSupplier nanos;

  TickerClock(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochSecond(0, nanos.getAsLong());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
