package dev.headgate.policy;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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

  /**
   * What of a route, though each key is right by itself, will not do what its author thinks.
   *
   * @param problems takes warnings and errors, each with its mark
   */
  default void check(RouteContext context, Consumer<ConfigProblem> problems) {}

  /**
   * A table is in force. What is kept for a route or an upstream that it does not name can be let
   * go, and changed limits apply from now on. Called on the thread that loads the config, one call
   * at a time; {@link #create} was called for the same set before, on the same thread, and may also
   * have been called for a set that never came into force.
   */
  default void activated(ConfigSet set) {}

  /** The policy for one route, or none where the route does not use it. */
  Optional<Policy> create(RouteContext context);
}
