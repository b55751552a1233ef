package dev.headgate.policy.timeout;

import dev.headgate.config.RouteConfig;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.Optional;

/** The total limit, which ends whatever runs when the deadline comes. */
public final class TotalTimeoutFactory implements PolicyFactory {

  @Override
  public PolicyStage stage() {
    return PolicyStage.TOTAL_TIMEOUT;
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    return limited(context).map(route -> new TotalTimeout(route.timeout().total()));
  }

  // Without a limit of the route's a caller can still set one for what the service may take.
  static Optional<RouteConfig> limited(RouteContext context) {
    return Optional.ofNullable(context.route())
        .filter(route -> route.timeout().total() != null || context.upstream() != null);
  }
}
