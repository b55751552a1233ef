package dev.headgate.policy.timeout;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Try;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The total limit. Where the deadline comes it ends the exchange itself: by an error while there is
 * no response, by aborting it once one has begun.
 *
 * @param limit the route's; null for none
 */
record TotalTimeout(@Nullable Duration limit) implements Policy.Around {
  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    if (exchange.deadline().isNone()) {
      return next.run(exchange);
    }
    long left = exchange.deadline().remainingNanos(exchange.now());
    return left == 0
        ? Mono.error(GatewayFailure.of(FailureReason.DEADLINE_EXCEEDED))
        : TimeLimit.untilEnd(
            next.run(exchange),
            exchange,
            left,
            FailureReason.DEADLINE_EXCEEDED,
            () -> {
              exchange.earlierTries().forEach(one -> blame(one, exchange));
              blame(exchange.currentTry(), exchange);
            });
  }

  // The try that has used up most of the limit, as the route has it: not one that came late, and
  // not one whose caller had hardly any time.
  private void blame(Try one, GatewayExchange exchange) {
    if (limit != null
        && one.startNanos() != -1
        && one.end() == null
        && exchange.now() - one.startNanos() > limit.toNanos() / 2) {
      one.tooSlow();
    }
  }
}
