package dev.headgate.policy.tracing;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.policy.Policy;
import dev.headgate.telemetry.trace.Tracing;
import org.jspecify.annotations.Nullable;

/**
 * Begins an exchange's part in its trace, and ends it.
 *
 * @param path the route's; null where none matched
 */
record InTrace(Tracing tracing, @Nullable String path) implements Policy.Hook {
  @Override
  public void onRequest(GatewayExchange exchange) {
    tracing.begin(exchange, path);
  }

  @Override
  public void onEnd(GatewayExchange exchange) {
    tracing.ended(exchange);
  }
}
