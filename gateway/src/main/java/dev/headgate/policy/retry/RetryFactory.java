package dev.headgate.policy.retry;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamProtocol;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import dev.headgate.telemetry.Decisions;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Retries, for every route with an upstream, and hedging, for those that have it written. */
public final class RetryFactory implements PolicyFactory {
  private final Retry.Tools tools;
  private final LongSupplier nanos;
  private final RetryState state = new RetryState();

  /**
   * A factory for policies that share one source of jitter.
   *
   * @param random 0 (inclusive) to 1 (exclusive)
   * @param clock the wall clock, for dates in {@code Retry-After}
   * @param nanos the event loops' ticker
   */
  public RetryFactory(
      DoubleSupplier random, InstantSource clock, LongSupplier nanos, Decisions decisions) {
    this.nanos = nanos;
    this.tools = new Retry.Tools(random, clock, decisions);
  }

  /** The upstreams that have a budget. */
  public Set<String> budgets() {
    return state.upstreams();
  }

  /** Retries that an upstream's budget would allow now; 0 where it has none. */
  public long budget(String upstream) {
    return state.tokens(upstream, nanos.getAsLong());
  }

  @Override
  public PolicyStage stage() {
    return PolicyStage.RETRY;
  }

  @Override
  public List<ConfigKey<?>> routeKeys() {
    return List.of(RetryConfig.KEY, HedgeConfig.KEY);
  }

  @Override
  public List<ConfigKey<?>> upstreamKeys() {
    return List.of(BudgetConfig.KEY);
  }

  @Override
  public void check(RouteContext context, Consumer<ConfigProblem> problems) {
    RetryChecks.check(context, problems);
  }

  @Override
  public void activated(ConfigSet set) {
    state.activated(set.upstreams().values());
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    RouteConfig route = context.route();
    UpstreamConfig upstream = context.upstream();
    if (route == null || upstream == null) {
      return Optional.empty();
    }
    RetryConfig config =
        Objects.requireNonNullElse(route.extensions().get(RetryConfig.KEY), RetryConfig.DEFAULT);
    HedgeConfig hedging = hedging(route);
    if (config.maxAttempts() == 1 && hedging == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Retry(
            config,
            state.budget(upstream),
            hedging == null ? null : state.hedge(context, hedging),
            upstream.protocol() != UpstreamProtocol.H1,
            tools));
  }

  static @Nullable HedgeConfig hedging(RouteConfig route) {
    Optional<HedgeConfig> written = route.extensions().get(HedgeConfig.KEY);
    return written == null ? null : written.orElse(null);
  }
}
