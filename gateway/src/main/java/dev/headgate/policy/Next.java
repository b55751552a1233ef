package dev.headgate.policy;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import reactor.core.publisher.Mono;

/** The rest of the chain, seen from one policy; the last one is the call to the service. */
@FunctionalInterface
public interface Next {
  /**
   * A cold response: each subscription runs the rest of the chain once more. It emits on the
   * exchange's event loop, exactly one response or a {@link dev.headgate.exchange.GatewayFailure};
   * cancelling it before that ends everything behind it, and a response that comes too late is
   * discarded by whoever made it.
   */
  Mono<GatewayResponse> run(GatewayExchange exchange);
}
