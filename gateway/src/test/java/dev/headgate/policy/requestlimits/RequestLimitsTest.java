package dev.headgate.policy.requestlimits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.StreamedBody;
import dev.headgate.policy.Policy;
import dev.headgate.testing.Bytes;
import dev.headgate.testing.Config;
import dev.headgate.testing.Discards;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class RequestLimitsTest {
  private final VirtualTime time = new VirtualTime();
  private int calls;
  private int cancelled;

  private static Optional<Policy> policy(String limits) {
    return Config.policy(new RequestLimitsFactory(), "request-limits: {" + limits + "}");
  }

  private Response run(String limits, GatewayExchange exchange) {
    Policy.Around policy = (Policy.Around) policy(limits).orElseThrow();
    return Response.to(
        policy.apply(
            exchange,
            e -> {
              calls++;
              return Mono.just(Response.of(200));
            }));
  }

  private GatewayExchange posting(Body body) {
    return time.exchange(HttpMethod.POST, body);
  }

  private StreamedBody streamed(long length) {
    return new StreamedBody(
        length,
        new StreamedBody.Source() {
          @Override
          public void readMore() {}

          @Override
          public void bodyCancelled() {
            cancelled++;
          }
        });
  }

  @Test
  void aDeclaredLengthIsJudgedBeforeTheServiceIsCalled() {
    assertThat(run("max-body: 10B", posting(streamed(11))).failure())
        .isEqualTo("PAYLOAD_TOO_LARGE");
    assertThat(calls).isZero();
    assertThat(run("max-body: 10B", posting(streamed(10))).status()).isEqualTo(200);
    assertThat(run("max-body: 0B", posting(Body.EMPTY)).status()).isEqualTo(200);
    assertThat(run("max-body: 0B", posting(streamed(1))).failure()).isEqualTo("PAYLOAD_TOO_LARGE");
  }

  @Test
  void aBodyOfUnknownLengthIsCounted() {
    StreamedBody source = streamed(-1);
    GatewayExchange exchange = posting(source);
    assertThat(run("max-body: 10B", exchange).status()).isEqualTo(200);
    Bytes taker = new Bytes();
    exchange.body().subscribe(taker);
    taker.request(9);
    source.offer(Bytes.of("12345"));
    source.offer(Bytes.of("67890"));
    assertThat(taker.pieces()).containsExactly("12345", "67890");

    source.offer(Bytes.of("1"));

    assertThat(taker.pieces()).hasSize(2);
    assertThat(taker.error())
        .isInstanceOfSatisfying(
            GatewayFailure.class, f -> assertThat(f.reason().status()).isEqualTo(413));
    assertThat(cancelled).isEqualTo(1);
  }

  @Test
  void aCountedBodyOfExactlyTheLimitIsWhole() {
    StreamedBody source = streamed(-1);
    GatewayExchange exchange = posting(source);
    run("max-body: 5B", exchange);
    Bytes taker = new Bytes();
    exchange.body().subscribe(taker);
    taker.request(9);
    source.offer(Bytes.of("12345"));
    source.complete(EmptyHttpHeaders.INSTANCE);

    assertThat(taker.completed()).isTrue();
  }

  @Test
  void aTunnelIsNoBody() {
    GatewayExchange exchange = posting(new Discards());
    exchange.upgrade("websocket");
    Body before = exchange.body();

    run("max-body: 1B", exchange);

    assertThat(exchange.body()).isSameAs(before);
  }

  @Test
  void aKnownLengthIsNotCountedAgain() {
    FullBody body = new FullBody(Bytes.of("12345"));
    GatewayExchange exchange = posting(body);
    run("max-body: 5B", exchange);

    assertThat(exchange.body()).isSameAs(body);
    body.discard();
  }

  @Test
  void theTargetAndTheHeadersHaveLimitsOfTheirOwn() {
    GatewayExchange exchange = posting(Body.EMPTY);
    exchange.headers().add("x-a", "12345").add("X-Forwarded-For", "a long list of addresses");
    // "x-a: 12345" and its line end are 12 bytes; the target is "/a".
    assertThat(run("max-headers: 12B, max-uri: 2B", exchange).status()).isEqualTo(200);
    assertThat(run("max-headers: 11B", exchange).failure()).isEqualTo("HEADERS_TOO_LARGE");
    assertThat(run("max-uri: 1B", exchange).failure()).isEqualTo("URI_TOO_LONG");
  }

  @Test
  void withoutALimitThereIsNoPolicy() {
    assertThat(policy("max-body: none")).isEmpty();
    assertThat(Config.policy(new RequestLimitsFactory(), "")).isEmpty();
  }
}
