package dev.headgate.policy.timeout;

import dev.headgate.config.RouteConfig;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.Optional;

/** The total limit of {@code timeout: {total}}, which a caller can shorten. */
public final class TotalTimeoutFactory implements PolicyFactory {

  @Override
  public PolicyStage stage() {
    return PolicyStage.TOTAL_TIMEOUT;
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    RouteConfig route = context.route();
    // Without a limit of the route's a caller can still set one for what the service may take.
    return route == null || (route.timeout().total() == null && context.upstream() == null)
        ? Optional.empty()
        : Optional.of(new TotalTimeout(route.timeout().total()));
  }
}
