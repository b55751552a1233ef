package dev.headgate.wiring;

import dev.headgate.policy.Policies;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.breaker.BreakerFactory;
import dev.headgate.policy.bulkhead.BulkheadFactory;
import dev.headgate.policy.bulkhead.BulkheadFactory.Status;
import dev.headgate.policy.retry.RetryFactory;
import dev.headgate.reload.ActiveRoutes;
import dev.headgate.telemetry.Meters;
import dev.headgate.upstream.UpstreamRegistry;
import dev.headgate.upstream.UpstreamRegistry.EndpointStatus;
import dev.headgate.upstream.UpstreamRegistry.UpstreamStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * What upstreams and their guards are at. Upstreams come and go with the config, and their rows
 * with them; a row asks by id, so that one that is there stays as it is whatever became of it.
 */
final class UpstreamMeters implements MeterBinder {
  private static final Map<String, ToIntFunction<UpstreamStatus>> CONNECTIONS =
      Map.of(
          "in_use", UpstreamStatus::inUse,
          "idle", UpstreamStatus::idle,
          "pending", UpstreamStatus::pending);

  private final ActiveRoutes routes;
  private final UpstreamRegistry upstreams;
  private final BulkheadFactory bulkheads;
  private final BreakerFactory breakers;
  private final RetryFactory retries;

  UpstreamMeters(ActiveRoutes routes, UpstreamRegistry upstreams, Policies policies) {
    this.routes = routes;
    this.upstreams = upstreams;
    bulkheads = only(BulkheadFactory.class, policies);
    breakers = only(BreakerFactory.class, policies);
    retries = only(RetryFactory.class, policies);
  }

  private static <F extends PolicyFactory> F only(Class<F> type, Policies policies) {
    return policies.factories().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    rows(Meters.UPSTREAM_ENDPOINTS, registry, this::endpoints);
    rows(Meters.UPSTREAM_CONNECTIONS, registry, this::connections);
    rows(Meters.BULKHEAD_IN_USE, registry, () -> bulkheads(Meters.BULKHEAD_IN_USE, Status::inUse));
    rows(
        Meters.BULKHEAD_WAITING,
        registry,
        () -> bulkheads(Meters.BULKHEAD_WAITING, Status::waiting));
    rows(Meters.BULKHEAD_LIMIT, registry, () -> bulkheads(Meters.BULKHEAD_LIMIT, Status::limit));
    rows(Meters.BREAKER_STATE, registry, this::breakers);
    rows(Meters.RETRY_BUDGET, registry, this::budgets);
    whenever(
        () ->
            upstreams
                .upstreams()
                .forEach(
                    one ->
                        Meters.UPSTREAM_CONNECTIONS_OPENED.counter(
                            registry, upstreams, all -> created(one.upstream()), one.upstream())));
  }

  private void rows(Meters meter, MeterRegistry registry, Supplier<Stream<Row<?>>> rows) {
    MultiGauge gauge = meter.rows(registry);
    whenever(() -> gauge.register(List.<Row<?>>copyOf(rows.get().toList())));
  }

  /** Now, and whenever a table has come into force. */
  private void whenever(Runnable action) {
    routes.whenActive(action);
    action.run();
  }

  private Stream<Row<?>> endpoints() {
    return ids()
        .flatMap(
            id ->
                Stream.of(EndpointStatus.values())
                    .map(
                        state ->
                            Row.of(
                                Meters.UPSTREAM_ENDPOINTS.tags(
                                    id, state.name().toLowerCase(Locale.ROOT)),
                                () -> of(id, s -> s.endpoints().getOrDefault(state, 0)))));
  }

  private Stream<Row<?>> connections() {
    return ids()
        .flatMap(
            id ->
                CONNECTIONS.entrySet().stream()
                    .map(
                        state ->
                            Row.of(
                                Meters.UPSTREAM_CONNECTIONS.tags(id, state.getKey()),
                                () -> of(id, state.getValue()))));
  }

  private Stream<String> ids() {
    return upstreams.upstreams().stream().map(UpstreamStatus::upstream);
  }

  private int of(String upstream, ToIntFunction<UpstreamStatus> count) {
    UpstreamStatus status = upstreams.upstream(upstream);
    return status == null ? 0 : count.applyAsInt(status);
  }

  private double created(String upstream) {
    UpstreamStatus status = upstreams.upstream(upstream);
    return status == null ? 0 : status.connectionsCreated();
  }

  private Stream<Row<?>> bulkheads(Meters meter, ToIntFunction<Status> count) {
    return bulkheads.status().stream()
        .map(Status::upstream)
        .map(
            id ->
                Row.of(
                    meter.tags(id), () -> bulkheads.status(id).map(count::applyAsInt).orElse(0)));
  }

  private Stream<Row<?>> breakers() {
    return breakers.upstreams().stream()
        .flatMap(
            id ->
                BreakerFactory.STATES.stream()
                    .map(
                        state ->
                            Row.of(
                                Meters.BREAKER_STATE.tags(id, state),
                                () ->
                                    breakers.state(id).filter(state::equals).isPresent() ? 1 : 0)));
  }

  private Stream<Row<?>> budgets() {
    return retries.budgets().stream()
        .map(id -> Row.of(Meters.RETRY_BUDGET.tags(id), () -> retries.budget(id)));
  }
}
