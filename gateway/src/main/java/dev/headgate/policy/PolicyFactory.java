package dev.headgate.policy;

import dev.headgate.config.ConfigKey;
import java.util.List;
import java.util.Optional;

/**
 * Makes one policy for each route that uses it. Registering the factory is all that adding a policy
 * takes: its stage orders it, its keys extend the config, its schema and its docs.
 */
public interface PolicyFactory {
  /** Where it stands in the chain; each stage has one factory. */
  PolicyStage stage();

  /** The keys of a route that belong to it. */
  default List<ConfigKey<?>> routeKeys() {
    return List.of();
  }

  /** The keys of an upstream that belong to it. */
  default List<ConfigKey<?>> upstreamKeys() {
    return List.of();
  }

  /** The policy for one route, or none where the route does not use it. */
  Optional<Policy> create(RouteContext context);
}
