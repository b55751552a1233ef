package dev.headgate.policy.cors;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.RouteConfig;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.List;
import java.util.Optional;

/** {@code cors} of a route. */
public final class CorsFactory implements PolicyFactory {
  /** What the Fetch standard allows every page without asking. */
  private static final List<String> SAFELISTED = List.of("GET", "HEAD", "POST");

  @Override
  public PolicyStage stage() {
    return PolicyStage.CORS;
  }

  @Override
  public List<ConfigKey<?>> routeKeys() {
    return List.of(CorsConfig.KEY);
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    RouteConfig route = context.route();
    CorsConfig config = route == null ? null : route.extensions().get(CorsConfig.KEY);
    if (route == null || config == null) {
      return Optional.empty();
    }
    List<String> methods = route.match().methods();
    return Optional.of(new Cors(config, methods.isEmpty() ? SAFELISTED : methods));
  }
}
