package dev.headgate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class PolicyChainTest {
  private final List<String> happened = new ArrayList<>();
  private final GatewayExchange exchange = new VirtualTime().exchange(HttpMethod.GET, Body.EMPTY);

  private Policy.Hook hook(String name) {
    return new Policy.Hook() {
      @Override
      public void onRequest(GatewayExchange e) {
        happened.add(name + " request");
      }

      @Override
      public void onResponse(GatewayExchange e, GatewayResponse response) {
        happened.add(name + " response");
      }

      @Override
      public void onEnd(GatewayExchange e) {
        happened.add(name + " end");
      }
    };
  }

  private Policy.Around around(String name) {
    return (e, next) -> {
      happened.add(name + " in");
      return next.run(e).doOnNext(response -> happened.add(name + " out"));
    };
  }

  private final Next service =
      e -> {
        happened.add("service");
        return Mono.just(Response.of(200));
      };

  @Test
  void runsOutermostFirstAndBackAgain() {
    PolicyChain chain =
        PolicyChain.compile(List.of(hook("a"), around("b"), hook("c"), around("d")), service);

    assertThat(Response.to(chain.run(exchange)).status()).isEqualTo(200);

    assertThat(happened)
        .containsExactly("a request", "b in", "c request", "d in", "service", "d out", "b out");
  }

  @Test
  void hooksHearOfTheEndInnermostFirst() {
    PolicyChain chain = PolicyChain.compile(List.of(hook("a"), around("b"), hook("c")), service);

    chain.onResponse(exchange, Response.of(200));
    chain.onEnd(exchange);

    assertThat(happened).containsExactly("c response", "a response", "c end", "a end");
  }

  @Test
  void whoAnswersByItselfEndsTheWayIn() {
    PolicyChain chain =
        PolicyChain.compile(
            List.of(hook("a"), (Policy.Around) (e, next) -> Mono.just(Response.of(429)), hook("c")),
            service);

    assertThat(Response.to(chain.run(exchange)).status()).isEqualTo(429);
    assertThat(happened).containsExactly("a request");
  }

  @Test
  void enteringRunsTheHooksAlone() {
    PolicyChain.compile(List.of(hook("a"), around("b"), hook("c")), service).enter(exchange);

    assertThat(happened).containsExactly("a request", "c request");
  }

  @Test
  void mayBeGivenAnotherEnd() {
    PolicyChain refusing =
        PolicyChain.compile(List.of(hook("a")), service).endingIn(e -> Mono.just(Response.of(404)));

    assertThat(Response.to(refusing.run(exchange)).status()).isEqualTo(404);
    assertThat(happened).containsExactly("a request");
  }
}
