package dev.headgate.policy.bulkhead;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import dev.headgate.telemetry.Decisions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bulkheads, one for each upstream, whichever routes and versions use it. One outlives reloads
 * as long as the upstream has it, with the permits that are out; its limits are those of the table
 * in force.
 */
public final class BulkheadFactory implements PolicyFactory {
  private final Decisions decisions;
  private final Map<String, Bulkhead> bulkheads = new ConcurrentHashMap<>();

  public BulkheadFactory(Decisions decisions) {
    this.decisions = decisions;
  }

  /**
   * What a bulkhead is at.
   *
   * @param upstream whose it is
   * @param inUse tries that run
   * @param waiting tries that wait
   * @param limit tries that may run
   */
  public record Status(String upstream, int inUse, int waiting, int limit) {}

  @Override
  public PolicyStage stage() {
    return PolicyStage.BULKHEAD;
  }

  @Override
  public List<ConfigKey<?>> upstreamKeys() {
    return List.of(BulkheadConfig.KEY);
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    UpstreamConfig upstream = context.upstream();
    if (upstream == null) {
      return Optional.empty();
    }
    return BulkheadConfig.of(upstream)
        .map(
            limits ->
                new BulkheadPolicy(
                    upstream.id(),
                    bulkheads.computeIfAbsent(upstream.id(), id -> new Bulkhead(limits)),
                    decisions));
  }

  @Override
  public void activated(ConfigSet set) {
    Map<String, BulkheadConfig> inForce = new HashMap<>();
    for (UpstreamConfig upstream : set.upstreams().values()) {
      BulkheadConfig.of(upstream).ifPresent(limits -> inForce.put(upstream.id(), limits));
    }
    bulkheads.keySet().retainAll(inForce.keySet());
    bulkheads.forEach(
        (id, bulkhead) -> bulkhead.limits(inForce.getOrDefault(id, bulkhead.limits())));
  }

  /** All of them, in no order. */
  public List<Status> status() {
    return bulkheads.keySet().stream().map(this::status).flatMap(Optional::stream).toList();
  }

  /** One of them; empty where the upstream has none. */
  public Optional<Status> status(String upstream) {
    return Optional.ofNullable(bulkheads.get(upstream))
        .map(b -> new Status(upstream, b.inUse(), b.waiting(), b.limits().maxConcurrent()));
  }
}
