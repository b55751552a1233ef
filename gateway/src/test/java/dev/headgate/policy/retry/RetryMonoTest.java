package dev.headgate.policy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Deadline;
import dev.headgate.exchange.Decision;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.StreamedBody;
import dev.headgate.testing.Discards;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class RetryMonoTest {
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(25);

  private final VirtualTime time = new VirtualTime();
  private final GatewayExchange exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
  private final Deque<Mono<GatewayResponse>> answers = new ArrayDeque<>();
  private final CountedMemory memory = new CountedMemory();
  private final Discards dropped = new Discards(KeptAnswer.MOST + 1);
  private int tries;

  @SafeVarargs
  private Response run(GatewayExchange asked, int maxAttempts, Mono<GatewayResponse>... given) {
    List<Mono<GatewayResponse>> all = new ArrayList<>();
    for (Mono<GatewayResponse> answer : given) {
      all.add(answer);
    }
    return run(Retries.of(maxAttempts), asked, all);
  }

  private Response run(Retry retry, GatewayExchange asked, List<Mono<GatewayResponse>> given) {
    answers.addAll(given);
    return Response.to(
        retry.apply(
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

  private Mono<GatewayResponse> asking(int code, String pause, String body) {
    return Mono.fromSupplier(
        () -> {
          GatewayResponse response = Response.of(code, FullBody.ofText(body));
          response.headers().set("retry-after", pause);
          return response;
        });
  }

  @Test
  void retryAfterIsTheLeastPause() {
    Response response = run(exchange, 3, asking(503, "2", "wait"), status(200));
    time.advance(Duration.ofMillis(1_999));
    assertThat(tries).isEqualTo(1);

    time.advance(Duration.ofMillis(1));

    assertThat(response.status()).isEqualTo(200);
  }

  @Test
  void aDateIsAPauseToo() {
    run(exchange, 3, asking(503, "Mon, 01 Jun 2026 12:00:01 GMT", "wait"), status(200));
    time.advance(Duration.ofMillis(999));
    assertThat(tries).isEqualTo(1);
    time.advance(Duration.ofMillis(1));
    assertThat(tries).isEqualTo(2);
  }

  @Test
  void aPauseShorterThanTheBackoffDoesNotShortenIt() {
    run(exchange, 3, asking(503, "0", "wait"), status(200));
    time.advance(FIRST_BACKOFF.minusMillis(1));
    assertThat(tries).isEqualTo(1);
  }

  @Test
  void aPauseThatDoesNotFitTheDeadlineEndsItAndItsAnswerIsPassedOn() {
    exchange.deadline(Deadline.after(exchange.now(), Duration.ofSeconds(2)));

    Response response = run(exchange, 3, asking(503, "2", "wait"));

    assertThat(response.status()).isEqualTo(503);
    assertThat(decisions()).containsExactly("retry-after-too-long:503");
    assertThat(time.nothingScheduled()).isTrue();
  }

  @Test
  void withoutADeadlineNobodyIsKeptWaitingLongerThanABodyMayStall() {
    exchange.idle(Duration.ofSeconds(5));

    assertThat(run(exchange, 3, asking(503, "5", "wait")).status()).isEqualTo(503);
    assertThat(run(exchange, 3, asking(503, "4", "wait")).pending()).isTrue();
  }

  @Test
  void anEarlierPauseHoldsForLaterTriesToo() {
    run(exchange, 3, asking(503, "1", "wait"), failing(FailureReason.UPSTREAM_RESET), status(200));
    time.advance(Duration.ofSeconds(1));
    assertThat(tries).isEqualTo(2);
    time.advance(FIRST_BACKOFF.multipliedBy(2));
    assertThat(tries).isEqualTo(3);
  }

  @Test
  void theLastRealAnswerIsBetterThanAFailureOfTheLastTry() {
    for (FailureReason reason :
        new FailureReason[] {
          FailureReason.BREAKER_OPEN,
          FailureReason.BULKHEAD_FULL,
          FailureReason.UPSTREAM_CONNECTION_REFUSED,
          FailureReason.UPSTREAM_TIMEOUT
        }) {
      exchange.headers().clear();
      Response response = run(exchange, 2, asking(503, "0", "really"), failing(reason));
      time.advance(FIRST_BACKOFF);
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body()).isEqualTo("really");
    }
  }

  @Test
  void aStreamedAnswerIsKeptWhereItArrivesDuringTheBackoff() {
    StreamedBody body = new StreamedBody(-1, new Source());
    Response response =
        run(
            exchange,
            2,
            Mono.fromSupplier(() -> Response.of(503, body)),
            failing(FailureReason.BREAKER_OPEN));
    body.offer(memory.buffer("rea"));
    body.offer(memory.buffer("lly"));
    body.complete(new DefaultHttpHeaders().add("x-sum", "1"));
    time.advance(FIRST_BACKOFF);

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.trailers()).isEqualTo(new DefaultHttpHeaders().add("x-sum", "1"));
    assertThat(response.body()).isEqualTo("really");
    assertThat(memory.held()).isZero();
  }

  @Test
  void aStreamedAnswerThatIsNotHereByTheNextTryIsGivenUp() {
    Source source = new Source();
    StreamedBody body = new StreamedBody(-1, source);
    Response response =
        run(
            exchange,
            2,
            Mono.fromSupplier(() -> Response.of(503, body)),
            failing(FailureReason.BREAKER_OPEN));
    body.offer(memory.buffer("rea"));
    assertThat(source.cancelled).isFalse();
    time.advance(FIRST_BACKOFF);

    assertThat(source.cancelled).as("its connection does not last beside the next try").isTrue();
    assertThat(response.failure()).isEqualTo("BREAKER_OPEN");
    assertThat(memory.held()).isZero();
  }

  @Test
  void anAnswerThatIsTooLongIsNotKept() {
    Source source = new Source();
    StreamedBody body = new StreamedBody(-1, source);
    Response response = run(exchange, 2, Mono.fromSupplier(() -> Response.of(503, body)));
    body.offer(memory.buffer("x".repeat(KeptAnswer.MOST)));
    assertThat(source.cancelled).isFalse();
    body.offer(memory.buffer("x"));

    assertThat(source.cancelled).isTrue();
    assertThat(memory.held()).isZero();
    response.cancel();
  }

  @Test
  void anAnswerThatBreaksOffIsNotKept() {
    StreamedBody body = new StreamedBody(-1, new Source());
    Response response =
        run(
            exchange,
            2,
            Mono.fromSupplier(() -> Response.of(503, body)),
            failing(FailureReason.BREAKER_OPEN));
    body.offer(memory.buffer("rea"));
    body.fail(GatewayFailure.of(FailureReason.UPSTREAM_RESET));
    time.advance(FIRST_BACKOFF);

    assertThat(response.failure()).isEqualTo("BREAKER_OPEN");
    assertThat(memory.held()).isZero();
  }

  @Test
  void cancelledDuringTheBackoffItLetsGoOfTheAnswer() {
    Source source = new Source();
    StreamedBody body = new StreamedBody(-1, source);
    Response response = run(exchange, 2, Mono.fromSupplier(() -> Response.of(503, body)));
    body.offer(memory.buffer("rea"));

    response.cancel();

    assertThat(source.cancelled).isTrue();
    assertThat(memory.held()).isZero();
  }

  @Test
  void withoutBudgetTheAnswerIsPassedOn() {
    TokenBucket budget = new TokenBucket(TokenBucket.Limits.of(0, 1));
    Response first =
        run(Retries.of(3, budget), exchange, List.of(status(503), status(503), status(503)));
    time.advance(Duration.ofMillis(500));

    assertThat(first.status()).isEqualTo(503);
    assertThat(tries).isEqualTo(2);
    assertThat(decisions()).containsExactly("retry:503", "retry-budget-spent:retry");
  }

  @Test
  void eachNewTryIsSaidSo() {
    run(exchange, 3, failing(FailureReason.UPSTREAM_RESET), status(503), status(200));
    time.advance(Duration.ofSeconds(1));

    assertThat(exchange.currentTry().number()).isEqualTo(3);
    assertThat(exchange.earlierTries()).hasSize(2);
    assertThat(decisions()).containsExactly("retry:UPSTREAM_RESET", "retry:503");
  }

  private List<String> decisions() {
    return exchange.record().decisions().stream().map(Decision.Made::text).toList();
  }

  private static final class Source implements StreamedBody.Source {
    private boolean cancelled;

    @Override
    public void readMore() {}

    @Override
    public void bodyCancelled() {
      cancelled = true;
    }
  }
}
