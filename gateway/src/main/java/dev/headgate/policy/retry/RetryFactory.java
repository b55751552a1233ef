package dev.headgate.policy.retry;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamProtocol;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import dev.headgate.telemetry.Decisions;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Retries, for every route with an upstream, and hedging, for those that have it written. */
public final class RetryFactory implements PolicyFactory {
  private final Retry.Tools tools;
  private final RetryState state = new RetryState();

  /**
   * A factory for policies that share one source of jitter.
   *
   * @param random 0 (inclusive) to 1 (exclusive)
   * @param clock the wall clock, for dates in {@code Retry-After}
   */
  public RetryFactory(DoubleSupplier random, InstantSource clock, Decisions decisions) {
    this.tools = new Retry.Tools(random, clock, decisions);
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
  public void activated(Collection<UpstreamConfig> upstreams) {
    state.activated(upstreams);
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
