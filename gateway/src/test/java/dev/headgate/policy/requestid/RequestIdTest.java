package dev.headgate.policy.requestid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Policy;
import dev.headgate.policy.RouteContext;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpMethod;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestIdTest {
  private final RequestId policy = new RequestId(() -> "made");

  private static GatewayExchange exchange(boolean trusted, String... sent) {
    GatewayExchange exchange = new VirtualTime().exchange(HttpMethod.GET, Body.EMPTY, trusted);
    for (String id : sent) {
      exchange.headers().add("X-Request-Id", id);
    }
    return exchange;
  }

  @ParameterizedTest
  @CsvSource({
    "a, true",
    "'', false",
    "!, true",
    "~, true",
    "'a b', false",
    "'a\tb', false",
    "'a\u007f', false",
    "'a\u00fc', false",
    "'a\u0000', false"
  })
  void isVisibleAscii(String id, boolean valid) {
    assertThat(RequestId.valid(id)).isEqualTo(valid);
  }

  @Test
  void hasAtMost128Characters() {
    assertThat(RequestId.valid("x".repeat(128))).isTrue();
    assertThat(RequestId.valid("x".repeat(129))).isFalse();
  }

  @Test
  void isKeptFromATrustedPeer() {
    GatewayExchange exchange = exchange(true, "sent");

    policy.onRequest(exchange);

    assertThat(exchange.requestId()).isEqualTo("sent");
    assertThat(exchange.headers().getAll("x-request-id")).containsExactly("sent");
  }

  @Test
  void isMadeAnewOtherwise() {
    for (GatewayExchange exchange :
        new GatewayExchange[] {
          exchange(false, "sent"), exchange(true), exchange(true, "a b"), exchange(true, "a", "b")
        }) {
      policy.onRequest(exchange);

      assertThat(exchange.requestId()).isEqualTo("made");
      assertThat(exchange.headers().getAll("x-request-id")).containsExactly("made");
    }
  }

  @Test
  void staysWhereTheExchangeHasOneAlready() {
    GatewayExchange exchange = exchange(false, "sent");
    exchange.requestId("outer");

    policy.onRequest(exchange);

    assertThat(exchange.requestId()).isEqualTo("outer");
    assertThat(exchange.headers().get("x-request-id")).isEqualTo("outer");
  }

  @Test
  void isEchoedInPlaceOfTheServicesOwn() {
    GatewayExchange exchange = exchange(false);
    policy.onRequest(exchange);
    GatewayResponse response = Response.of(200);
    response.headers().add("x-request-id", "service's").add("x-request-id", "twice");

    policy.onResponse(exchange, response);

    assertThat(response.headers().getAll("x-request-id")).containsExactly("made");
  }

  @Test
  void isAUuidOfVersion7() {
    Policy made = new RequestIdFactory().create(RouteContext.UNROUTED).orElseThrow();
    GatewayExchange exchange = exchange(false);

    ((Policy.Hook) made).onRequest(exchange);

    assertThat(UUID.fromString(exchange.requestId()).version()).isEqualTo(7);
  }
}
