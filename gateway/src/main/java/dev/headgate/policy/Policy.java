package dev.headgate.policy;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import reactor.core.publisher.Mono;

/**
 * One concern of a route. A policy knows no server and no other policy; one instance serves all
 * exchanges of its route, so it keeps nothing of an exchange in itself. One that is both kinds is
 * called as a hook first.
 */
public sealed interface Policy {
  /** Whether it answers CORS preflights; see {@link PolicyChain#answersPreflights}. */
  default boolean answersPreflights() {
    return false;
  }

  /** A policy that decides: it may answer by itself, call on, call on again, or change the end. */
  non-sealed interface Around extends Policy {
    Mono<GatewayResponse> apply(GatewayExchange exchange, Next next);
  }

  /**
   * A policy that only looks, before or after. It is called plainly, costs no operator, and must
   * neither wait nor throw.
   */
  non-sealed interface Hook extends Policy {
    /** When the request reaches this stage. */
    default void onRequest(GatewayExchange exchange) {}

    /** When the head is about to be written, whoever made the response, errors included. */
    default void onResponse(GatewayExchange exchange, GatewayResponse response) {}

    /** When the exchange is over: completed, failed or aborted. Exactly once. */
    default void onEnd(GatewayExchange exchange) {}
  }
}
