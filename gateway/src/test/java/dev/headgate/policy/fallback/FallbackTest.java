package dev.headgate.policy.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Deadline;
import dev.headgate.exchange.Decision;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import dev.headgate.telemetry.Decisions;
import dev.headgate.testing.Discards;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class FallbackTest {
  private final VirtualTime time = new VirtualTime();
  private final GatewayExchange exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
  private final Discards dropped = new Discards();
  private final GatewayResponse other = Response.of(203);
  private int asked;

  private final Next instead =
      e ->
          Mono.fromSupplier(
              () -> {
                asked++;
                return other;
              });

  private Response run(FallbackOn on, boolean asks, Mono<GatewayResponse> first) {
    Fallback.Instead stand = new Fallback.Instead(instead, asks);
    return Response.to(new Fallback(on, stand, Decisions.UNCOUNTED).apply(exchange, e -> first));
  }

  private Response run(Mono<GatewayResponse> first) {
    return run(FallbackOn.DEFAULT, false, first);
  }

  private static Mono<GatewayResponse> failing(FailureReason reason) {
    return Mono.error(GatewayFailure.of(reason));
  }

  @Test
  void aGoodAnswerPasses() {
    Response response = run(Mono.just(Response.of(200, dropped)));

    assertThat(response.status()).isEqualTo(200);
    assertThat(dropped.count()).isZero();
    assertThat(asked).isZero();
    assertThat(exchange.record().decisions()).isEmpty();
  }

  @Test
  void aBadAnswerIsReplacedDroppedAndMarked() {
    Response response = run(Mono.just(Response.of(503, dropped)));

    assertThat(response.status()).isEqualTo(203);
    assertThat(dropped.count()).isEqualTo(1);
    assertThat(other.headers().get(Fallback.MARK)).isEqualTo("503");
    assertThat(exchange.record().decisions())
        .extracting(Decision.Made::text)
        .containsExactly("fallback:503");
  }

  @Test
  void aFailureIsReplacedAndStillInTheLog() {
    Response response = run(failing(FailureReason.BREAKER_OPEN));

    assertThat(response.status()).isEqualTo(203);
    assertThat(other.headers().get(Fallback.MARK)).isEqualTo("BREAKER_OPEN");
    assertThat(exchange.record().flags()).containsExactly(FailureReason.BREAKER_OPEN);
  }

  @Test
  void whatTheClientDidWrongIsToldIt() {
    assertThat(run(failing(FailureReason.PAYLOAD_TOO_LARGE)).failure())
        .isEqualTo("PAYLOAD_TOO_LARGE");
    assertThat(asked).isZero();
  }

  @Test
  void statusesCountWhoeverSaysThem() {
    FallbackOn on503 = new FallbackOn(false, Set.of(503));

    assertThat(run(on503, false, failing(FailureReason.BULKHEAD_FULL)).status()).isEqualTo(203);
    assertThat(run(on503, false, failing(FailureReason.UPSTREAM_RESET)).failure())
        .isEqualTo("UPSTREAM_RESET");
    assertThat(run(on503, false, Mono.just(Response.of(502))).status()).isEqualTo(502);
  }

  @Test
  void aServiceIsNotAskedWithoutTime() {
    exchange.deadline(Deadline.after(exchange.now(), Duration.ofMillis(5)));
    time.advance(Duration.ofMillis(5));

    assertThat(run(FallbackOn.DEFAULT, true, failing(FailureReason.DEADLINE_EXCEEDED)).failure())
        .isEqualTo("DEADLINE_EXCEEDED");
    assertThat(run(FallbackOn.DEFAULT, false, failing(FailureReason.DEADLINE_EXCEEDED)).status())
        .isEqualTo(203);
  }

  @Test
  void aServiceIsNotAskedWithoutTheBody() {
    Discards body = new Discards();
    body.take();
    exchange.body(body);

    assertThat(run(FallbackOn.DEFAULT, true, Mono.just(Response.of(503, dropped))).status())
        .isEqualTo(503);
    assertThat(dropped.count()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "UPSTREAM_RESET, false",
    "UPSTREAM_TIMEOUT, false",
    "UPSTREAM_CONNECTION_REFUSED, true",
    "UPSTREAM_REFUSED, true",
    "POOL_EXHAUSTED, true",
    "BULKHEAD_FULL, true",
    "BREAKER_OPEN, true"
  })
  void whatMayHaveBeenDoneIsNotDoneElsewhere(FailureReason reason, boolean elsewhere) {
    GatewayExchange post = time.exchange(HttpMethod.POST, Body.EMPTY);
    Fallback.Instead stand = new Fallback.Instead(instead, true);
    Fallback fallback = new Fallback(FallbackOn.DEFAULT, stand, Decisions.UNCOUNTED);

    Response.to(fallback.apply(post, e -> failing(reason)));
    Response.to(fallback.apply(post, e -> Mono.just(Response.of(503))));

    assertThat(asked).isEqualTo(elsewhere ? 1 : 0);
  }

  @Test
  void aFixedAnswerIsGivenWhateverMayHaveBeenDone() {
    GatewayExchange post = time.exchange(HttpMethod.POST, Body.EMPTY);
    Fallback.Instead stand = new Fallback.Instead(instead, false);
    Fallback fallback = new Fallback(FallbackOn.DEFAULT, stand, Decisions.UNCOUNTED);

    assertThat(
            Response.to(fallback.apply(post, e -> failing(FailureReason.UPSTREAM_RESET))).status())
        .isEqualTo(203);
  }

  @Test
  void askingAnotherServiceIsAnotherTry() {
    run(FallbackOn.DEFAULT, true, failing(FailureReason.UPSTREAM_RESET));

    assertThat(exchange.currentTry().number()).isEqualTo(2);
  }

  @Test
  void aFallbackThatFailsIsNotReplaced() {
    Fallback.Instead bad =
        new Fallback.Instead(e -> failing(FailureReason.UPSTREAM_CONNECTION_REFUSED), true);
    Fallback fallback = new Fallback(FallbackOn.DEFAULT, bad, Decisions.UNCOUNTED);

    Response response =
        Response.to(fallback.apply(exchange, e -> failing(FailureReason.UPSTREAM_RESET)));

    assertThat(response.failure()).isEqualTo("UPSTREAM_CONNECTION_REFUSED");
  }

  @Test
  void cancellingEndsWhicheverRuns() {
    Sinks.One<GatewayResponse> slow = Sinks.one();
    Fallback.Instead waiting = new Fallback.Instead(e -> slow.asMono(), true);
    Fallback fallback = new Fallback(FallbackOn.DEFAULT, waiting, Decisions.UNCOUNTED);
    Response response =
        Response.to(fallback.apply(exchange, e -> failing(FailureReason.UPSTREAM_RESET)));
    assertThat(slow.currentSubscriberCount()).isEqualTo(1);

    response.cancel();

    assertThat(slow.currentSubscriberCount()).isZero();
  }

  @Test
  void aChainThatGivesNothingIsHeardOf() {
    assertThat(
            new Fallback(
                    FallbackOn.DEFAULT, new Fallback.Instead(instead, false), Decisions.UNCOUNTED)
                .apply(exchange, e -> Mono.empty())
                .blockOptional())
        .isEmpty();
  }
}
