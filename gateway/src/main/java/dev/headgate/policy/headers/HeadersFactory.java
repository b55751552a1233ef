package dev.headgate.policy.headers;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.RouteConfig;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.List;
import java.util.Optional;

/** {@code request-headers} and {@code response-headers} of a route. */
public final class HeadersFactory implements PolicyFactory {
  static final ConfigKey<HeaderChanges> REQUEST =
      new ConfigKey<>("request-headers", HeaderChanges.spec(), "Changes to what the service gets.");
  static final ConfigKey<HeaderChanges> RESPONSE =
      new ConfigKey<>("response-headers", HeaderChanges.spec(), "Changes to what the client gets.");

  @Override
  public PolicyStage stage() {
    return PolicyStage.HEADERS;
  }

  @Override
  public List<ConfigKey<?>> routeKeys() {
    return List.of(REQUEST, RESPONSE);
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    RouteConfig route = context.route();
    if (route == null) {
      return Optional.empty();
    }
    HeaderChanges request = route.extensions().get(REQUEST);
    HeaderChanges response = route.extensions().get(RESPONSE);
    return request == null && response == null
        ? Optional.empty()
        : Optional.of(new Headers(request, response));
  }
}
