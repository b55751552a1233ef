package dev.headgate.policy.metrics;

import dev.headgate.config.ConfigSet;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import dev.headgate.telemetry.RequestMeters;
import java.util.Optional;

/** The meters of requests and tries, for every request. */
public final class MetricsFactory implements PolicyFactory {
  private final RequestMeters meters;

  public MetricsFactory(RequestMeters meters) {
    this.meters = meters;
  }

  @Override
  public PolicyStage stage() {
    return PolicyStage.METRICS;
  }

  @Override
  public void activated(ConfigSet set) {
    meters.keepOnly(set.routes().keySet(), set.upstreams().keySet());
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    return Optional.of(new Counted(meters.counting()));
  }
}
