package dev.headgate.policy.retry;

import dev.headgate.config.ConfigKey;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import reactor.core.publisher.Mono;

/** Tries again where that is safe, while the deadline allows it. */
public final class Retry implements Policy.Around {
  private final int maxAttempts;
  private final DoubleSupplier random;

  private Retry(int maxAttempts, DoubleSupplier random) {
    this.maxAttempts = maxAttempts;
    this.random = random;
  }

  /**
   * Makes the policy of every route with an upstream.
   *
   * @param random 0 (inclusive) to 1 (exclusive), for the jitter
   */
  public static PolicyFactory factory(DoubleSupplier random) {
    return new PolicyFactory() {
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
        if (context.route() == null || context.upstream() == null) {
          return Optional.empty();
        }
        RetryConfig config =
            Objects.requireNonNullElse(
                context.route().extensions().get(RetryConfig.KEY), RetryConfig.DEFAULT);
        return config.maxAttempts() == 1
            ? Optional.empty()
            : Optional.of(new Retry(config.maxAttempts(), random));
      }
    };
  }

  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    return new RetryMono(exchange, next, maxAttempts, random);
  }
}
