package dev.headgate.upstream;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Try;
import dev.headgate.policy.Next;
import reactor.core.publisher.Mono;

/** The end of a chain: one call to one of an upstream's endpoints. */
public final class UpstreamCall implements Next {
  private final Upstream upstream;

  public UpstreamCall(Upstream upstream) {
    this.upstream = upstream;
  }

  @Override
  public Mono<GatewayResponse> run(GatewayExchange exchange) {
    Try one = exchange.currentTry();
    return Mono.create(
        sink -> {
          if (exchange.deadline().remainingNanos(exchange.now()) == 0) {
            sink.error(GatewayFailure.of(FailureReason.DEADLINE_EXCEEDED));
          } else {
            new Attempt(exchange, one, upstream, upstream.pick(exchange, one), sink).start();
          }
        });
  }
}
