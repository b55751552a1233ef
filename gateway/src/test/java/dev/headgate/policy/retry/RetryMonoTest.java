package dev.headgate.policy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Deadline;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.testing.Discards;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class RetryMonoTest {
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(25);

  private final VirtualTime time = new VirtualTime();
  private final GatewayExchange exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
  private final Deque<Mono<GatewayResponse>> answers = new ArrayDeque<>();
  private final Discards dropped = new Discards(KeptAnswer.MOST + 1);
  private int tries;

  @SafeVarargs
  private Response run(GatewayExchange asked, int maxAttempts, Mono<GatewayResponse>... given) {
    for (Mono<GatewayResponse> answer : given) {
      answers.add(answer);
    }
    return Response.to(
        Retries.of(maxAttempts)
            .apply(
                asked,
                e -> {
                  tries++;
                  return answers.remove();
                }));
  }

  private Mono<GatewayResponse> status(int code) {
    return Mono.fromSupplier(() -> Response.of(code, dropped));
  }

  private static Mono<GatewayResponse> failing(FailureReason reason) {
    return Mono.error(GatewayFailure.of(reason));
  }

  @Test
  void triesOnceMoreAfterTheBackoff() {
    Response response = run(exchange, 3, status(503), status(200));
    assertThat(dropped.count()).as("the first answer's body").isEqualTo(1);
    time.advance(FIRST_BACKOFF.minusMillis(1));
    assertThat(tries).isEqualTo(1);

    time.advance(Duration.ofMillis(1));

    assertThat(response.status()).isEqualTo(200);
    assertThat(tries).isEqualTo(2);
    assertThat(dropped.count()).isEqualTo(1);
    assertThat(time.nothingScheduled()).isTrue();
  }

  @Test
  void passesTheLastAnswerOnWhole() {
    Response response = run(exchange, 2, status(503), status(502));
    time.advance(FIRST_BACKOFF);

    assertThat(response.status()).isEqualTo(502);
    assertThat(dropped.count()).isEqualTo(1);
  }

  @Test
  void passesTheLastFailureOn() {
    Response response =
        run(
            exchange,
            2,
            failing(FailureReason.UPSTREAM_RESET),
            failing(FailureReason.UPSTREAM_CONNECTION_REFUSED));
    time.advance(FIRST_BACKOFF);

    assertThat(response.failure()).isEqualTo("UPSTREAM_CONNECTION_REFUSED");
  }

  @Test
  void doesNotTryWhatTheDecisionRefuses() {
    assertThat(run(exchange, 3, failing(FailureReason.POOL_EXHAUSTED)).failure())
        .isEqualTo("POOL_EXHAUSTED");
    assertThat(run(exchange, 3, Mono.error(new IllegalStateException())).failure())
        .isEqualTo("INTERNAL_ERROR");
    GatewayExchange post = time.exchange(HttpMethod.POST, Body.EMPTY);
    assertThat(run(post, 3, status(503)).status()).isEqualTo(503);
    assertThat(tries).isEqualTo(3);
  }

  @Test
  void doesNotBeginABackoffThatDoesNotFitTheDeadline() {
    exchange.deadline(Deadline.after(exchange.now(), FIRST_BACKOFF));

    Response response = run(exchange, 3, status(503));

    assertThat(response.status()).isEqualTo(503);
    assertThat(dropped.count()).isZero();
    assertThat(time.nothingScheduled()).isTrue();
  }

  @Test
  void beginsABackoffThatFits() {
    exchange.deadline(Deadline.after(exchange.now(), FIRST_BACKOFF.plusMillis(1)));
    Response response = run(exchange, 3, status(503), status(200));

    time.advance(FIRST_BACKOFF);

    assertThat(response.status()).isEqualTo(200);
  }

  @Test
  void cancelledDuringTheBackoffItTriesNoMore() {
    Response response = run(exchange, 3, status(503), status(200));

    response.cancel();

    assertThat(time.nothingScheduled()).isTrue();
    time.advance(Duration.ofSeconds(1));
    assertThat(tries).isEqualTo(1);
  }

  @Test
  void cancelledDuringATryItCancelsThat() {
    boolean[] cancelled = new boolean[1];
    Response response =
        run(exchange, 3, Mono.<GatewayResponse>never().doOnCancel(() -> cancelled[0] = true));

    response.cancel();

    assertThat(cancelled[0]).isTrue();
  }

  @Test
  void aPolicyThatThrowsInALaterTryIsAFailure() {
    // The second try finds no answer prepared, which throws.
    Response response = run(exchange, 3, status(503));
    time.advance(FIRST_BACKOFF);

    assertThat(response.failure()).isEqualTo("INTERNAL_ERROR");
  }

  @Test
  void aTryThatGivesNothingEndsTheChainInsteadOfHanging() {
    Mono<GatewayResponse> chain = Retries.of(3).apply(exchange, e -> Mono.empty());

    StepVerifier.create(chain).expectComplete().verify(Duration.ofSeconds(1));
  }
}
