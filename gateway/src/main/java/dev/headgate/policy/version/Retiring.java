package dev.headgate.policy.version;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import java.time.InstantSource;
import reactor.core.publisher.Mono;

/**
 * A version that is served until its sunset and refused from then on.
 *
 * @param sunset in milliseconds since the epoch
 */
record Retiring(Versioned version, long sunset, InstantSource clock)
    implements Policy.Around, Policy.Hook {
  @Override
  public void onRequest(GatewayExchange exchange) {
    version.onRequest(exchange);
  }

  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    return clock.millis() < sunset
        ? next.run(exchange)
        : Mono.error(GatewayFailure.of(FailureReason.VERSION_SUNSET));
  }

  @Override
  public void onResponse(GatewayExchange exchange, GatewayResponse response) {
    version.onResponse(exchange, response);
  }
}
