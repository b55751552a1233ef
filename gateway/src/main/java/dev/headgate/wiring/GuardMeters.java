package dev.headgate.wiring;

import dev.headgate.policy.Policies;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.breaker.BreakerFactory;
import dev.headgate.policy.bulkhead.BulkheadFactory;
import dev.headgate.policy.bulkhead.BulkheadFactory.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What each upstream's bulkhead and breaker are at; upstreams come and go with the config. A row
 * asks by id, so that one that is there stays as it is, whatever became of the upstream.
 */
final class GuardMeters implements MeterBinder {
  private final BulkheadFactory bulkheads;
  private final BreakerFactory breakers;

  GuardMeters(Policies policies) {
    bulkheads = only(BulkheadFactory.class, policies);
    breakers = only(BreakerFactory.class, policies);
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
    bulkhead(registry, "in.use", "Tries that run at the upstream", Status::inUse);
    bulkhead(registry, "waiting", "Tries that wait for the upstream's bulkhead", Status::waiting);
    bulkhead(registry, "limit", "Tries that may run at the upstream at once", Status::limit);
    MultiGauge states =
        MultiGauge.builder("headgate.breaker.state")
            .description("1 for what the upstream's breaker is in, 0 for the rest")
            .register(registry);
    whenever(breakers::onChange, () -> states.register(stateRows()));
  }

  private void bulkhead(
      MeterRegistry registry, String name, String description, ToIntFunction<Status> count) {
    MultiGauge gauge =
        MultiGauge.builder("headgate.bulkhead." + name).description(description).register(registry);
    whenever(bulkheads::onChange, () -> gauge.register(bulkheadRows(count)));
  }

  private List<Row<?>> bulkheadRows(ToIntFunction<Status> count) {
    List<Row<?>> rows = new ArrayList<>();
    for (Status status : bulkheads.status()) {
      String id = status.upstream();
      rows.add(
          Row.of(
              Tags.of("upstream", id),
              bulkheads,
              all -> all.status(id).map(count::applyAsInt).orElse(0)));
    }
    return rows;
  }

  private List<Row<?>> stateRows() {
    List<Row<?>> rows = new ArrayList<>();
    for (String id : breakers.upstreams()) {
      for (String state : BreakerFactory.STATES) {
        rows.add(
            Row.of(
                Tags.of("upstream", id, "state", state),
                breakers,
                all -> all.state(id).filter(state::equals).isPresent() ? 1 : 0));
      }
    }
    return rows;
  }

  private interface Changes {
    void onChange(Runnable action);
  }

  /** Now, and whenever a table has come into force. */
  private static void whenever(Changes changes, Runnable action) {
    changes.onChange(action);
    action.run();
  }
}
