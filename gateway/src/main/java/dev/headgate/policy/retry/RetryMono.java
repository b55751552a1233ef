package dev.headgate.policy.retry;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** Subscribes to the rest of the chain once a try. */
final class RetryMono extends Mono<GatewayResponse> {
  private final GatewayExchange exchange;
  private final Next next;
  private final Retry retry;

  RetryMono(GatewayExchange exchange, Next next, Retry retry) {
    this.exchange = exchange;
    this.next = next;
    this.retry = retry;
  }

  @Override
  public void subscribe(CoreSubscriber<? super GatewayResponse> actual) {
    Tries tries = new Tries(exchange, next, retry, actual);
    actual.onSubscribe(tries);
    tries.begin();
  }
}
