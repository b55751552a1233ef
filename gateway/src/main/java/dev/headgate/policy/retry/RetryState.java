package dev.headgate.policy.retry;

import dev.headgate.config.UpstreamConfig;
import dev.headgate.policy.RouteContext;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What outlives a reload: budgets by upstream, and what hedging has learnt by route, version and
 * upstream. Changed by the thread that loads the config alone; budgets are read by others.
 */
final class RetryState {
  private final Map<String, TokenBucket> budgets = new ConcurrentHashMap<>();
  private Map<Place, Hedge> hedges = Map.of();
  private Map<Place, Hedge> coming = new HashMap<>();

  private record Place(String route, String version, String upstream) {}

  /** The budget of an upstream, old or new. */
  TokenBucket budget(UpstreamConfig upstream) {
    return budgets.computeIfAbsent(upstream.id(), id -> new TokenBucket(limits(upstream)));
  }

  /** Whole tokens that an upstream's budget holds at a moment; 0 where there is no such budget. */
  long tokens(String upstream, long nowNanos) {
    TokenBucket budget = budgets.get(upstream);
    return budget == null ? 0 : budget.tokens(nowNanos);
  }

  /** The upstreams that have a budget. */
  Set<String> upstreams() {
    return Set.copyOf(budgets.keySet());
  }

  /** What a route's hedging knows; it begins anew where its settings have changed. */
  Hedge hedge(RouteContext context, HedgeConfig config) {
    Place place =
        new Place(
            Objects.requireNonNull(context.route()).id(),
            context.version() == null ? "" : context.version().id(),
            Objects.requireNonNull(context.upstream()).id());
    Hedge known = hedges.get(place);
    Hedge hedge = known != null && known.config().equals(config) ? known : new Hedge(config);
    coming.put(place, hedge);
    return hedge;
  }

  /** The set for which policies were made last is in force. */
  void activated(Collection<UpstreamConfig> upstreams) {
    budgets
        .keySet()
        .retainAll(upstreams.stream().map(UpstreamConfig::id).collect(Collectors.toSet()));
    for (UpstreamConfig upstream : upstreams) {
      TokenBucket budget = budgets.get(upstream.id());
      if (budget != null) {
        budget.limits(limits(upstream));
      }
    }
    hedges = coming;
    coming = new HashMap<>();
  }

  private static TokenBucket.Limits limits(UpstreamConfig upstream) {
    return Objects.requireNonNullElse(
            upstream.extensions().get(BudgetConfig.KEY), BudgetConfig.DEFAULT)
        .limits();
  }
}
