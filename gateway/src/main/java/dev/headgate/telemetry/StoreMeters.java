package dev.headgate.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Times calls to a store. */
public final class StoreMeters {
  private final MeterRegistry registry;
  private final String store;
  private final Map<Call, Timer> timers = new ConcurrentHashMap<>();

  /**
   * @param store its kind
   */
  public StoreMeters(MeterRegistry registry, String store) {
    this.registry = registry;
    this.store = store;
  }

  private record Call(String name, String result) {}

  /**
   * A call is over.
   *
   * @param call of a closed set, and so is the result
   */
  public void called(String call, String result, long nanos) {
    timers
        .computeIfAbsent(
            new Call(call, result),
            known -> Meters.STORE_CALLS.timer(registry, store, known.name(), known.result()))
        .record(nanos, TimeUnit.NANOSECONDS);
  }
}
