package dev.headgate.policy.breaker;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import dev.headgate.telemetry.Decisions;
import reactor.core.publisher.Mono;

/**
 * Asks the upstream's breaker before each try, and tells it how the try went.
 *
 * @param failures statuses that are
 * @param patienceNanos what a try cut off by its deadline must have had for that to be a failure
 */
record BreakerPolicy(BreakerSlot slot, Statuses failures, long patienceNanos, Decisions decisions)
    implements Policy.Around {
  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    return new BreakerMono(next.run(exchange), exchange, exchange.currentTry(), this);
  }
}
