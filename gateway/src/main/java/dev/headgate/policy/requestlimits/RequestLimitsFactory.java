package dev.headgate.policy.requestlimits;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.RouteConfig;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.List;
import java.util.Optional;

/** {@code request-limits} of a route. */
public final class RequestLimitsFactory implements PolicyFactory {
  @Override
  public PolicyStage stage() {
    return PolicyStage.REQUEST_LIMITS;
  }

  @Override
  public List<ConfigKey<?>> routeKeys() {
    return List.of(RequestLimitsConfig.KEY);
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    RouteConfig route = context.route();
    RequestLimitsConfig config =
        route == null ? null : route.extensions().get(RequestLimitsConfig.KEY);
    return config == null || config.limitsNothing()
        ? Optional.empty()
        : Optional.of(new RequestLimits(config));
  }
}
