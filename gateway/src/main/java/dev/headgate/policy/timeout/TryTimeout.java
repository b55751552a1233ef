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
    long nanos = exchange.deadline().cap(exchange.now(), limit);
    Try one = exchange.currentTry();
    return TimeLimit.untilHead(
        next.run(exchange),
        exchange,
        nanos,
        FailureReason.UPSTREAM_TIMEOUT,
        () -> {
          // A limit that the deadline has cut short says nothing of the endpoint.
          if (nanos >= limit.toNanos()) {
            one.tooSlow();
          }
        });
  }
}
