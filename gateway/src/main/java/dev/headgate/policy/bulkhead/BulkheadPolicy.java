package dev.headgate.policy.bulkhead;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import dev.headgate.telemetry.Decisions;
import reactor.core.publisher.Mono;

/** A permit of the upstream for each try. */
record BulkheadPolicy(String upstream, Bulkhead bulkhead, Decisions decisions)
    implements Policy.Around {
  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    // The rest of the chain is made ready now: after a wait another try may be the current one.
    return new BulkheadMono(next.run(exchange), exchange, exchange.currentTry(), this);
  }
}
