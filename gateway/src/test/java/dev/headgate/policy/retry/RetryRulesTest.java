package dev.headgate.policy.retry;

import static dev.headgate.exchange.FailureReason.CLIENT_TIMEOUT;
import static dev.headgate.exchange.FailureReason.UPSTREAM_CONNECTION_REFUSED;
import static dev.headgate.exchange.FailureReason.UPSTREAM_CONNECT_TIMEOUT;
import static dev.headgate.exchange.FailureReason.UPSTREAM_DNS_FAILURE;
import static dev.headgate.exchange.FailureReason.UPSTREAM_PREMATURE_END;
import static dev.headgate.exchange.FailureReason.UPSTREAM_REFUSED;
import static dev.headgate.exchange.FailureReason.UPSTREAM_RESET;
import static dev.headgate.exchange.FailureReason.UPSTREAM_TIMEOUT;
import static dev.headgate.exchange.FailureReason.UPSTREAM_TLS_FAILURE;
import static dev.headgate.exchange.FailureReason.UPSTREAM_UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.testing.Discards;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryRulesTest {
  private static final Set<FailureReason> NOT_RECEIVED =
      EnumSet.of(
          UPSTREAM_CONNECTION_REFUSED,
          UPSTREAM_UNREACHABLE,
          UPSTREAM_DNS_FAILURE,
          UPSTREAM_TLS_FAILURE,
          UPSTREAM_REFUSED,
          UPSTREAM_CONNECT_TIMEOUT);

  private static final Set<FailureReason> PERHAPS_RECEIVED =
      EnumSet.of(UPSTREAM_RESET, UPSTREAM_PREMATURE_END);

  private static GatewayExchange exchange(String method, Body body) {
    return new VirtualTime().exchange(HttpMethod.valueOf(method), body);
  }

  private static boolean afterFailure(GatewayExchange exchange, FailureReason reason) {
    return RetryRules.afterFailure(Retries.ON, exchange, reason);
  }

  // Nothing that a guard, the pool or the client said is among them: the lists are closed.
  @ParameterizedTest
  @EnumSource
  void whatIsIdempotentIsRepeatedAfterEveryListedFailure(FailureReason reason) {
    boolean listed = NOT_RECEIVED.contains(reason) || PERHAPS_RECEIVED.contains(reason);

    assertThat(afterFailure(exchange("GET", Body.EMPTY), reason)).isEqualTo(listed);
    assertThat(afterFailure(exchange("PUT", new Discards()), reason)).isEqualTo(listed);
  }

  @ParameterizedTest
  @EnumSource
  void anotherMethodOnlyWhereTheServiceNeverGotIt(FailureReason reason) {
    assertThat(afterFailure(exchange("POST", new Discards()), reason))
        .isEqualTo(NOT_RECEIVED.contains(reason));
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsRepeatedWhoseBodyHasBeenTaken(FailureReason reason) {
    Discards body = new Discards();
    body.take();

    assertThat(afterFailure(exchange("POST", body), reason)).isFalse();
    assertThat(afterFailure(exchange("PUT", body), reason)).isFalse();
  }

  @Test
  void timeoutsOnlyWhereWritten() {
    GatewayExchange get = exchange("GET", Body.EMPTY);

    assertThat(RetryRules.afterFailure(Retries.on("timeout"), get, UPSTREAM_TIMEOUT)).isTrue();
    assertThat(RetryRules.afterFailure(Retries.on("timeout"), get, UPSTREAM_RESET)).isFalse();
    assertThat(
            RetryRules.afterFailure(
                Retries.on("timeout"), exchange("POST", Body.EMPTY), UPSTREAM_TIMEOUT))
        .isFalse();
  }

  @Test
  void aRefusedConnectionIsBothWords() {
    for (String word : new String[] {"refused", "connect-failure"}) {
      assertThat(
              RetryRules.afterFailure(
                  Retries.on(word), exchange("POST", Body.EMPTY), UPSTREAM_CONNECTION_REFUSED))
          .isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, 502, true",
    "GET, 503, true",
    "GET, 504, true",
    "HEAD, 503, true",
    "OPTIONS, 503, true",
    "TRACE, 503, true",
    "PUT, 503, true",
    "DELETE, 503, true",
    "GET, 500, false",
    "GET, 429, false",
    "GET, 200, false",
    "GET, 101, false",
    "POST, 503, false",
    "PATCH, 503, false",
    "get, 503, false",
  })
  void afterAStatus(String method, int status, boolean again) {
    assertThat(RetryRules.afterStatus(Retries.ON, exchange(method, Body.EMPTY), status))
        .isEqualTo(again);
  }

  @Test
  void aClassOfStatusesAndAnyOne() {
    assertThat(Retries.on("5xx").answered(500)).isTrue();
    assertThat(Retries.on("5xx").answered(599)).isTrue();
    assertThat(Retries.on("5xx").answered(499)).isFalse();
    assertThat(Retries.on("429").answered(429)).isTrue();
    assertThat(Retries.on("429").answered(503)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1, 25", "2, 50", "3, 100", "4, 200", "5, 250", "10, 250", "1000, 250"})
  void backoffDoublesUpToItsLimit(int tries, int ceilingMillis) {
    long ceiling = ceilingMillis * 1_000_000L;

    assertThat(Backoff.DEFAULT.nanos(tries, Math.nextDown(1.0))).isBetween(ceiling - 1, ceiling);
    assertThat(Backoff.DEFAULT.nanos(tries, 0.5)).isEqualTo(ceiling / 2);
    assertThat(Backoff.DEFAULT.nanos(tries, 0)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 100})
  void equalJitterIsHalfAtLeast(int tries) {
    Backoff equal =
        new Backoff(Backoff.DEFAULT.base(), Backoff.DEFAULT.max(), Backoff.Jitter.EQUAL);
    long most = Backoff.DEFAULT.mostNanos(tries);

    assertThat(equal.nanos(tries, 0)).isEqualTo(most / 2);
    assertThat(equal.nanos(tries, Math.nextDown(1.0))).isBetween(most - 1, most);
  }

  @Test
  void aRealAnswerIsBetterThanAFailureUnlessThatIsTheClients() {
    assertThat(RetryRules.yieldsToAnswer(FailureReason.BREAKER_OPEN)).isTrue();
    assertThat(RetryRules.yieldsToAnswer(UPSTREAM_CONNECTION_REFUSED)).isTrue();
    assertThat(RetryRules.yieldsToAnswer(CLIENT_TIMEOUT)).isFalse();
    assertThat(RetryRules.yieldsToAnswer(FailureReason.INTERNAL_ERROR)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-age=60|true",
        "public, S-MaxAge=1|true",
        "max-age=0|false",
        "max-age=00|false",
        "max-age=x|false",
        "no-store|false",
        "stale-if-error=60|false",
      })
  void anAnswerThatIsToBeKeptIsMeant(String cacheControl, boolean meant) {
    HttpHeaders headers = new DefaultHttpHeaders().add("cache-control", cacheControl);
    assertThat(RetryRules.isMeant(headers)).isEqualTo(meant);
  }

  @Test
  void anAnswerThatSaysNothingOfItIsNot() {
    assertThat(RetryRules.isMeant(new DefaultHttpHeaders())).isFalse();
  }
}
