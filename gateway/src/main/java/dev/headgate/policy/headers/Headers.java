package dev.headgate.policy.headers;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Policy;
import org.jspecify.annotations.Nullable;

/** {@code request-headers} and {@code response-headers} of a route. */
final class Headers implements Policy.Hook {
  private final @Nullable HeaderChanges request;
  private final @Nullable HeaderChanges response;

  Headers(@Nullable HeaderChanges request, @Nullable HeaderChanges response) {
    this.request = request;
    this.response = response;
  }

  @Override
  public void onRequest(GatewayExchange exchange) {
    if (request != null) {
      request.apply(exchange.headers());
    }
  }

  @Override
  public void onResponse(GatewayExchange exchange, GatewayResponse answer) {
    if (response != null) {
      response.apply(answer.headers());
    }
  }
}
