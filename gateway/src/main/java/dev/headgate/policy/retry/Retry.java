package dev.headgate.policy.retry;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import java.util.function.DoubleSupplier;
import reactor.core.publisher.Mono;

/** Tries again where that is safe, while the deadline allows it. */
final class Retry implements Policy.Around {
  private final int maxAttempts;
  private final DoubleSupplier random;

  Retry(int maxAttempts, DoubleSupplier random) {
    this.maxAttempts = maxAttempts;
    this.random = random;
  }

  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    return new RetryMono(exchange, next, maxAttempts, random);
  }
}
