package dev.headgate.wiring;

import dev.headgate.upstream.UpstreamRegistry;
import dev.headgate.upstream.UpstreamRegistry.EndpointStatus;
import dev.headgate.upstream.UpstreamRegistry.UpstreamStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How many endpoints of each upstream are healthy, unhealthy or ejected; the rows follow the table.
 */
final class EndpointMeters implements MeterBinder {
  private final UpstreamRegistry upstreams;

  EndpointMeters(UpstreamRegistry upstreams) {
    this.upstreams = upstreams;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    MultiGauge gauge =
        MultiGauge.builder("headgate.upstream.endpoints")
            .description("Endpoints of an upstream, each address of a name by itself")
            .register(registry);
    upstreams.whenCommitted(() -> gauge.register(rows(), true));
    gauge.register(rows(), true);
  }

  private List<Row<?>> rows() {
    return upstreams.upstreams().stream().<Row<?>>flatMap(u -> rows(u.upstream())).toList();
  }

  private Stream<Row<?>> rows(String upstream) {
    return Stream.of(EndpointStatus.values())
        .map(
            state ->
                Row.of(
                    Tags.of("upstream", upstream, "state", word(state)),
                    () -> count(upstream, state)));
  }

  private int count(String upstream, EndpointStatus state) {
    UpstreamStatus status = upstreams.upstream(upstream);
    return status == null ? 0 : status.endpoints().getOrDefault(state, 0);
  }

  private static String word(EndpointStatus state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
