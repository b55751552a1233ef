package dev.headgate.policy.hygiene;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.RouteConfig;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.List;
import java.util.Optional;

/** {@code software-headers} and {@code security-headers} of a route. */
public final class HygieneFactory implements PolicyFactory {
  @Override
  public PolicyStage stage() {
    return PolicyStage.RESPONSE_HYGIENE;
  }

  @Override
  public List<ConfigKey<?>> routeKeys() {
    return List.of(SoftwareHeaders.KEY, SecurityHeadersConfig.KEY);
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    RouteConfig route = context.route();
    if (route == null) {
      return Optional.empty();
    }
    // What a route answers by itself says of itself what its author wrote.
    boolean hide =
        context.upstream() != null
            && route.extensions().get(SoftwareHeaders.KEY) != SoftwareHeaders.PASS;
    SecurityHeadersConfig security = route.extensions().get(SecurityHeadersConfig.KEY);
    return hide || security != null ? Optional.of(new Hygiene(hide, security)) : Optional.empty();
  }
}
