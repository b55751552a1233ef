package dev.headgate.policy.version;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Policy;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Tells both sides which version serves.
 *
 * @param id as written in the config
 * @param lifeCycle null where nothing is said of it
 */
record Versioned(String id, Choosers choosers, @Nullable LifeCycle lifeCycle)
    implements Policy.Hook {
  private static final AsciiString TO_SERVICE = AsciiString.cached("x-api-version");
  private static final AsciiString TO_CLIENT = AsciiString.cached("api-version");

  @Override
  public void onRequest(GatewayExchange exchange) {
    exchange.headers().set(TO_SERVICE, id);
  }

  @Override
  public void onResponse(GatewayExchange exchange, GatewayResponse response) {
    response.headers().set(TO_CLIENT, id);
    choosers.onResponse(exchange, response);
    if (lifeCycle != null) {
      lifeCycle.tell(response.headers());
    }
  }
}
