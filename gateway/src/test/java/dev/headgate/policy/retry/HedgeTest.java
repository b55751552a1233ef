package dev.headgate.policy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Decision;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Try;
import dev.headgate.testing.Destinations;
import dev.headgate.testing.Discards;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

class HedgeTest {
  private static final Duration AFTER = Duration.ofMillis(50);
  private static final Duration BACKOFF = Duration.ofMillis(50);

  private final VirtualTime time = new VirtualTime();
  private final List<MonoSink<GatewayResponse>> calls = new ArrayList<>();
  private final List<Integer> cancelled = new ArrayList<>();
  private GatewayExchange exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
  private TokenBucket budget = Retries.plenty();
  private int maxAttempts = 3;
  private Hedge hedge = new Hedge(new HedgeConfig(new HedgeConfig.After(0, AFTER), 100));

  private Response run() {
    RetryConfig config = new RetryConfig(maxAttempts, Retries.ON, Backoff.DEFAULT, 64);
    return Response.to(
        Retries.of(config, budget, hedge, () -> 1.0)
            .apply(
                exchange,
                e -> {
                  Try one = e.currentTry();
                  return Mono.create(
                      sink -> {
                        int number = calls.size();
                        one.begun(Destinations.named("endpoint-" + number), e.now());
                        e.record().attempt(one);
                        calls.add(sink);
                        sink.onCancel(
                            () -> {
                              one.lasted(e.now());
                              cancelled.add(number);
                            });
                      });
                }));
  }

  private void answer(int call, int status) {
    calls.get(call).success(Response.of(status));
  }

  private void fail(int call, FailureReason reason) {
    calls.get(call).error(GatewayFailure.of(reason));
  }

  private List<String> decisions() {
    return exchange.record().decisions().stream().map(Decision.Made::text).toList();
  }

  @Test
  void anAnswerInTimeIsAskedForOnce() {
    Response response = run();
    time.advance(AFTER.minusMillis(1));
    answer(0, 200);

    assertThat(response.status()).isEqualTo(200);
    assertThat(time.nothingScheduled()).isTrue();
    time.advance(AFTER);
    assertThat(calls).hasSize(1);
    assertThat(decisions()).isEmpty();
  }

  @Test
  void theHedgeWinsAndTheFirstIsCancelled() {
    Response response = run();
    time.advance(AFTER);
    assertThat(calls).hasSize(2);
    assertThat(exchange.currentTry().hedge()).isTrue();

    answer(1, 200);

    assertThat(response.status()).isEqualTo(200);
    assertThat(cancelled).containsExactly(0);
    assertThat(decisions()).containsExactly("hedge", "hedge-won");
    assertThat(exchange.record().endpoint()).isEqualTo("endpoint-1");
  }

  @Test
  void theFirstWinsAndTheRecordTellsOfIt() {
    Response response = run();
    time.advance(AFTER);
    answer(0, 200);

    assertThat(response.status()).isEqualTo(200);
    assertThat(cancelled).containsExactly(1);
    assertThat(decisions()).containsExactly("hedge");
    assertThat(exchange.record().endpoint()).isEqualTo("endpoint-0");
    assertThat(exchange.record().attempts()).isEqualTo(2);
    assertThat(exchange.record().upstreamNanos()).as("it still streams").isEqualTo(-1);
  }

  @Test
  void aClientsErrorIsAGoodAnswer() {
    Response response = run();
    time.advance(AFTER);
    answer(1, 404);

    assertThat(response.status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 0"})
  void theFailureOfOneWaitsForTheOther(int failing, int other) {
    Response response = run();
    time.advance(AFTER);
    fail(failing, FailureReason.UPSTREAM_PROTOCOL_ERROR);
    assertThat(response.pending()).isTrue();
    time.advance(Duration.ofSeconds(1));
    assertThat(calls).hasSize(2);

    answer(other, 200);

    assertThat(response.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 0"})
  void aBadAnswerOfOneWaitsForTheOtherAndIsPassedOnIfThatFails(int bad, int other) {
    maxAttempts = 2;
    Discards body = new Discards();
    Response response = run();
    time.advance(AFTER);
    calls.get(bad).success(Response.of(503, body));
    assertThat(response.pending()).isTrue();

    fail(other, FailureReason.UPSTREAM_RESET);

    assertThat(response.status()).isEqualTo(503);
    assertThat(body.count()).as("it was left as it came").isZero();
  }

  @Test
  void whereBothFailTheRulesOfRetriesGoOn() {
    Response response = run();
    time.advance(AFTER);
    fail(0, FailureReason.UPSTREAM_RESET);
    answer(1, 503);
    time.advance(BACKOFF);
    assertThat(calls).hasSize(3);
    assertThat(exchange.currentTry().hedge()).isFalse();
    time.advance(AFTER.multipliedBy(3));
    assertThat(calls).as("once a request").hasSize(3);

    answer(2, 200);

    assertThat(response.status()).isEqualTo(200);
    assertThat(decisions()).containsExactly("hedge", "retry:503");
  }

  @Test
  void hedgesCountAmongTheTries() {
    maxAttempts = 2;
    Response response = run();
    time.advance(AFTER);
    fail(0, FailureReason.UPSTREAM_RESET);
    fail(1, FailureReason.UPSTREAM_RESET);

    assertThat(response.failure()).isEqualTo("UPSTREAM_RESET");
  }

  @Test
  void aRouteThatNeverRetriesMayHedge() {
    maxAttempts = 1;
    Response response = run();
    time.advance(AFTER);
    answer(1, 200);

    assertThat(response.status()).isEqualTo(200);
  }

  @Test
  void aRetryIsNotHedged() {
    run();
    fail(0, FailureReason.UPSTREAM_RESET);
    time.advance(Duration.ofSeconds(1));

    assertThat(calls).hasSize(2);
    assertThat(decisions()).containsExactly("retry:UPSTREAM_RESET");
  }

  @Test
  void cancelledItCancelsBoth() {
    Response response = run();
    time.advance(AFTER);
    response.cancel();

    assertThat(cancelled).containsExactly(0, 1);
    assertThat(time.nothingScheduled()).isTrue();
  }

  @Test
  void withoutBudgetNothingIsAskedTwice() {
    budget = new TokenBucket(TokenBucket.Limits.of(0, 0));
    run();
    time.advance(AFTER);

    assertThat(calls).hasSize(1);
    assertThat(decisions()).containsExactly("retry-budget-spent:hedge");
    assertThat(hedge.share().withdraw(exchange.now())).as("its share is left").isTrue();
  }

  @Test
  void onlyAShareOfRequestsIsAskedTwice() {
    hedge = new Hedge(new HedgeConfig(new HedgeConfig.After(0, AFTER), 5));
    int hedged = 0;
    for (int i = 0; i < 100; i++) {
      exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
      calls.clear();
      Response response = run();
      time.advance(AFTER);
      hedged += calls.size() - 1;
      answer(0, 200);
      assertThat(response.status()).isEqualTo(200);
    }
    assertThat(hedged).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"POST", "PUT", "DELETE", "PATCH"})
  void unsafeMethodsAreNotAskedTwice(String method) {
    exchange = time.exchange(HttpMethod.valueOf(method), Body.EMPTY);
    run();
    time.advance(AFTER);

    assertThat(calls).hasSize(1);
  }

  @Test
  void norIsWhatHasABodyNorAnUpgrade() {
    exchange = time.exchange(HttpMethod.GET, new Discards());
    run();
    exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
    exchange.upgrade("websocket");
    run();
    time.advance(AFTER);

    assertThat(calls).hasSize(2);
  }

  /**
   * One in ten is slow, and is overtaken by its hedge. Were its sample left out, the percentile
   * would sink below what is ordinary, and more and more would be asked twice.
   */
  @Test
  void atAPercentileItLearnsFirstAndWhatIsOvertakenStaysSlow() {
    hedge = new Hedge(new HedgeConfig(new HedgeConfig.After(85, null), 100));
    int hedged = 0;
    for (int i = 0; i < 600; i++) {
      exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
      calls.clear();
      run();
      boolean slow = i % 10 == 0;
      time.advance(Duration.ofMillis(slow ? 40 : i % 10));
      assertThat(calls).as("too few to tell").hasSizeLessThan(i < 33 ? 2 : 3);
      hedged += i < 300 ? 0 : calls.size() - 1;
      answer(calls.size() - 1, 200);
    }
    assertThat(hedged).isBetween(20, 45);
  }
}
