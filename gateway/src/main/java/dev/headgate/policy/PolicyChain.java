package dev.headgate.policy;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The policies of one route, composed once when the table is compiled; nothing is sorted, looked up
 * or allocated for it per request.
 */
public final class PolicyChain {
  private final List<Policy> policies;
  private final List<Policy.Hook> hooks;
  private final Next entry;
  private final boolean answersPreflights;

  private PolicyChain(List<Policy> policies, List<Policy.Hook> hooks, Next entry) {
    this.policies = policies;
    this.hooks = hooks;
    this.entry = entry;
    this.answersPreflights = policies.stream().anyMatch(Policy::answersPreflights);
  }

  /**
   * Composes a chain.
   *
   * @param policies in stage order, outermost first
   * @param last what answers when every policy has called on
   */
  public static PolicyChain compile(List<Policy> policies, Next last) {
    List<Policy.Hook> hooks = new ArrayList<>();
    Next next = last;
    for (int i = policies.size() - 1; i >= 0; i--) {
      Next rest = next;
      Policy policy = policies.get(i);
      if (policy instanceof Policy.Around around) {
        next = exchange -> around.apply(exchange, rest);
      }
      if (policy instanceof Policy.Hook hook) {
        Next inner = next;
        hooks.add(0, hook);
        next =
            exchange -> {
              hook.onRequest(exchange);
              return inner.run(exchange);
            };
      }
    }
    return new PolicyChain(List.copyOf(policies), List.copyOf(hooks), next);
  }

  /** Runs the request through the chain; see {@link Next#run}. */
  public Mono<GatewayResponse> run(GatewayExchange exchange) {
    return entry.run(exchange);
  }

  /**
   * Whether one of the policies answers CORS preflights, so that one reaches this chain by the
   * method it asks for.
   */
  public boolean answersPreflights() {
    return answersPreflights;
  }

  /** The same policies before another end; for what is refused, not for every request. */
  public PolicyChain endingIn(Next last) {
    return compile(policies, last);
  }

  /** Runs the hooks alone, for a request that is answered elsewhere. */
  public void enter(GatewayExchange exchange) {
    for (Policy.Hook hook : hooks) {
      hook.onRequest(exchange);
    }
  }

  /** Tells the hooks, innermost first, what the client is about to get. */
  public void onResponse(GatewayExchange exchange, GatewayResponse response) {
    for (int i = hooks.size() - 1; i >= 0; i--) {
      hooks.get(i).onResponse(exchange, response);
    }
  }

  /** Tells the hooks, innermost first, that the exchange is over. */
  public void onEnd(GatewayExchange exchange) {
    for (int i = hooks.size() - 1; i >= 0; i--) {
      hooks.get(i).onEnd(exchange);
    }
  }
}
