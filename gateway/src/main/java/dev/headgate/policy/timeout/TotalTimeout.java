package dev.headgate.policy.timeout;

import dev.headgate.exchange.Deadline;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Try;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * The total limit. It sets the deadline which every other wait heeds, and ends the exchange itself:
 * by an error while there is no response, by aborting it once one has begun.
 */
record TotalTimeout(Duration limit) implements Policy.Around {
  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    // A request that comes by again (a fallback's) has what was left of the first time.
    long nanos = exchange.deadline().cap(exchange.now(), limit);
    if (exchange.deadline().isNone()) {
      exchange.deadline(Deadline.after(exchange.now(), limit));
    }
    return TimeLimit.untilEnd(
        next.run(exchange),
        exchange,
        nanos,
        FailureReason.DEADLINE_EXCEEDED,
        () -> {
          exchange.earlierTries().forEach(one -> blame(one, exchange));
          blame(exchange.currentTry(), exchange);
        });
  }

  // The try that has used up most of the limit, as the route has it: not one that came late, and
  // not one whose caller had hardly any time.
  private void blame(Try one, GatewayExchange exchange) {
    if (one.startNanos() != -1
        && one.end() == null
        && exchange.now() - one.startNanos() > limit.toNanos() / 2) {
      one.tooSlow();
    }
  }
}
