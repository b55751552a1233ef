package dev.headgate.telemetry.trace;

import java.time.Duration;
import java.util.Set;

/**
 * What is done about traces.
 *
 * @param propagation how they are told of
 * @param trust whose are continued
 * @param baggage keys of baggage that passes, {@code *} for all of it; of callers whose trace is
 *     continued
 * @param errors whether an exchange that failed is sent though it is not sampled
 * @param slowerThan so is one that took longer; zero for none
 * @param waitThreshold waits that took less have no span
 */
public record TracingSettings(
    Propagation propagation,
    Trust trust,
    Set<String> baggage,
    boolean errors,
    Duration slowerThan,
    Duration waitThreshold) {

  /** Whose word on traces is believed. */
  public enum Trust {
    /** That of the peers whose other words are believed too. */
    TRUSTED_PROXIES,
    EVERYONE,
    NOBODY
  }

  public TracingSettings {
    baggage = Set.copyOf(baggage);
  }
}
