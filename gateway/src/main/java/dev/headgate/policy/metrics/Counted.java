package dev.headgate.policy.metrics;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.policy.Policy;
import dev.headgate.telemetry.RequestMeters;

/** Counts an exchange when it is over. */
record Counted(RequestMeters.Counting counting) implements Policy.Hook {
  @Override
  public void onEnd(GatewayExchange exchange) {
    counting.ended(exchange);
  }
}
