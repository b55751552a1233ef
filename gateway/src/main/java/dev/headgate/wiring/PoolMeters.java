package dev.headgate.wiring;

import dev.headgate.upstream.UpstreamRegistry;
import dev.headgate.upstream.UpstreamRegistry.PoolStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.function.ToIntFunction;

/** Connections to upstreams, summed up; by endpoint they would grow with the config. */
final class PoolMeters implements MeterBinder {
  private final UpstreamRegistry upstreams;

  PoolMeters(UpstreamRegistry upstreams) {
    this.upstreams = upstreams;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "open", PoolStatus::open);
    gauge(registry, "idle", PoolStatus::idle);
    gauge(registry, "waiting", PoolStatus::waiting);
  }

  private void gauge(MeterRegistry registry, String state, ToIntFunction<PoolStatus> count) {
    Gauge.builder("headgate.upstream.connections", upstreams, all -> sum(all.pools(), count))
        .tag("state", state)
        .description("Upstream connections that are open or idle, and calls that wait for one")
        .register(registry);
  }

  private static int sum(List<PoolStatus> pools, ToIntFunction<PoolStatus> count) {
    return pools.stream().mapToInt(count).sum();
  }
}
