package dev.headgate.policy.cache;

import dev.headgate.telemetry.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what the cache does. */
final class CacheMeters {
  private final MeterRegistry registry;
  private final AtomicInteger waiting = new AtomicInteger();

  CacheMeters(MeterRegistry registry, CacheStore store) {
    this.registry = registry;
    Meters.CACHE_WAITING.gauge(registry, waiting, AtomicInteger::get);
    Meters.CACHE_BYTES.gauge(registry, store, one -> one.room().used());
    Meters.CACHE_LIMIT.gauge(registry, store, one -> one.room().most());
    Meters.CACHE_ENTRIES.gauge(registry, store, CacheStore::entries);
    Meters.CACHE_EVICTIONS.counter(registry, store, CacheStore::evictions);
  }

  Counting counting(String route) {
    return new Counting(route);
  }

  /** What one chain counts into, looked up once. */
  final class Counting {
    private final String route;
    private final Map<CacheStatus.Result, Counter> counters = new ConcurrentHashMap<>();

    private Counting(String route) {
      this.route = route;
    }

    void answered(CacheStatus.Result result) {
      counters
          .computeIfAbsent(
              result, one -> Meters.CACHE_REQUESTS.counter(registry, route, one.word()))
          .increment();
    }
  }

  void filled(String route, String result) {
    Meters.CACHE_FILLS.counter(registry, route, result).increment();
  }

  void waits() {
    waiting.incrementAndGet();
  }

  void waitsNoMore() {
    waiting.decrementAndGet();
  }
}
