package dev.headgate.policy.retry;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.RouteConfig;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** Retries, for every route with an upstream. */
public final class RetryFactory implements PolicyFactory {
  private final DoubleSupplier random;

  /**
   * A factory for policies that share one source of jitter.
   *
   * @param random 0 (inclusive) to 1 (exclusive)
   */
  public RetryFactory(DoubleSupplier random) {
    this.random = random;
  }

  @Override
  public PolicyStage stage() {
    return PolicyStage.RETRY;
  }

  @Override
  public List<ConfigKey<?>> routeKeys() {
    return List.of(RetryConfig.KEY);
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    RouteConfig route = context.route();
    if (route == null || context.upstream() == null) {
      return Optional.empty();
    }
    RetryConfig config =
        Objects.requireNonNullElse(route.extensions().get(RetryConfig.KEY), RetryConfig.DEFAULT);
    return config.maxAttempts() == 1
        ? Optional.empty()
        : Optional.of(new Retry(config.maxAttempts(), random));
  }
}
