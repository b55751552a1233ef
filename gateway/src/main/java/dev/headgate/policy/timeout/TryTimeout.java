package dev.headgate.policy.timeout;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Try;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** The limit of one try, from asking for a connection to the response's head. */
record TryTimeout(Duration limit) implements Policy.Around {
  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    Try one = exchange.currentTry();
    one.limit(limit);
    Mono<GatewayResponse> call = next.run(exchange);
    // What the total limit ends first is its to tell: no timeout of the service's to be counted.
    return limit.toNanos() >= exchange.deadline().remainingNanos(exchange.now())
        ? call
        : TimeLimit.untilHead(
            call, exchange, limit.toNanos(), FailureReason.UPSTREAM_TIMEOUT, one::tooSlow);
  }
}
