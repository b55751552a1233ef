package dev.headgate.policy;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All policies of the gateway. Registering is being in this list; that every stage has its policy,
 * and no key two owners, is checked when it is made.
 */
public final class Policies {
  private final List<PolicyFactory> factories;

  /**
   * @param registered in any order
   * @throws IllegalStateException when a stage has no factory or two, or a key two owners
   */
  public Policies(List<PolicyFactory> registered) {
    factories = registered.stream().sorted(Comparator.comparing(PolicyFactory::stage)).toList();
    Set<PolicyStage> missing = EnumSet.allOf(PolicyStage.class);
    for (PolicyFactory factory : factories) {
      if (!missing.remove(factory.stage())) {
        throw new IllegalStateException(factory.stage() + ": two policies (expected: one)");
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(missing + ": no policy (expected: one for each stage)");
    }
    requireDistinct(routeKeys());
    requireDistinct(upstreamKeys());
  }

  /** The keys of routes that belong to policies, in stage order. */
  public List<ConfigKey<?>> routeKeys() {
    return factories.stream().<ConfigKey<?>>flatMap(f -> f.routeKeys().stream()).toList();
  }

  /** The keys of upstreams that belong to policies, in stage order. */
  public List<ConfigKey<?>> upstreamKeys() {
    return factories.stream().<ConfigKey<?>>flatMap(f -> f.upstreamKeys().stream()).toList();
  }

  /** The policies a route uses, in stage order. */
  public List<Policy> of(RouteContext context) {
    return factories.stream().map(f -> f.create(context)).flatMap(Optional::stream).toList();
  }

  /**
   * Those of a request's last leg: its idempotency key, its limits in time, its retries, and what
   * guards the upstream.
   */
  public List<Policy> askingUpstream(RouteContext context) {
    return factories.stream()
        .filter(f -> f.stage().compareTo(PolicyStage.IDEMPOTENCY) >= 0)
        .map(f -> f.create(context))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Asks each policy what it finds questionable about a route; see {@link PolicyFactory#check}. */
  public void check(RouteContext context, Consumer<ConfigProblem> problems) {
    factories.forEach(f -> f.check(context, problems));
  }

  /** Tells each policy that a table is in force; see {@link PolicyFactory#activated}. */
  public void activated(ConfigSet set) {
    factories.forEach(f -> f.activated(set));
  }

  /** The registered factories, in stage order. */
  public List<PolicyFactory> factories() {
    return factories;
  }

  private static void requireDistinct(List<ConfigKey<?>> keys) {
    long names = keys.stream().map(ConfigKey::name).distinct().count();
    if (names < keys.size()) {
      throw new IllegalStateException(keys + ": a key has two owners (expected: one)");
    }
  }
}
