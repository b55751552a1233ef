package dev.headgate.policy.timeout;

import dev.headgate.exchange.Deadline;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.policy.Policy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sets the deadline that every wait heeds: the total limit, the route's or the caller's, whichever
 * is less.
 *
 * @param limit the route's; null for none
 */
record SetDeadline(@Nullable Duration limit) implements Policy.Hook {
  @Override
  public void onRequest(GatewayExchange exchange) {
    long nanos = CallerLimit.take(exchange.headers());
    nanos = limit == null ? nanos : Math.min(nanos, limit.toNanos());
    if (nanos != CallerLimit.NONE) {
      exchange.deadline(Deadline.after(exchange.now(), Duration.ofNanos(nanos)));
    }
  }
}
