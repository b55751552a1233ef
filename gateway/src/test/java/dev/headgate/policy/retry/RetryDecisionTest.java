package dev.headgate.policy.retry;

import static dev.headgate.exchange.FailureReason.CLIENT_TIMEOUT;
import static dev.headgate.exchange.FailureReason.DEADLINE_EXCEEDED;
import static dev.headgate.exchange.FailureReason.POOL_EXHAUSTED;
import static dev.headgate.exchange.FailureReason.UPSTREAM_CERTIFICATE_INVALID;
import static dev.headgate.exchange.FailureReason.UPSTREAM_CONNECTION_REFUSED;
import static dev.headgate.exchange.FailureReason.UPSTREAM_CONNECT_TIMEOUT;
import static dev.headgate.exchange.FailureReason.UPSTREAM_DNS_FAILURE;
import static dev.headgate.exchange.FailureReason.UPSTREAM_IDLE_TIMEOUT;
import static dev.headgate.exchange.FailureReason.UPSTREAM_PREMATURE_END;
import static dev.headgate.exchange.FailureReason.UPSTREAM_PROTOCOL_ERROR;
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
import io.netty.handler.codec.http.HttpMethod;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryDecisionTest {
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

  @ParameterizedTest
  @EnumSource
  void aSafeMethodIsRepeatedAfterEveryListedFailure(FailureReason reason) {
    assertThat(RetryDecision.afterFailure(exchange("GET", Body.EMPTY), reason))
        .isEqualTo(NOT_RECEIVED.contains(reason) || PERHAPS_RECEIVED.contains(reason));
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsRepeatedWhoseBodyHasBeenTaken(FailureReason reason) {
    GatewayExchange exchange = exchange("POST", new Discards());
    exchange.takesBody();

    assertThat(RetryDecision.afterFailure(exchange, reason)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void anotherMethodOnlyWhereTheServiceNeverGotIt(FailureReason reason) {
    assertThat(RetryDecision.afterFailure(exchange("POST", new Discards()), reason))
        .isEqualTo(NOT_RECEIVED.contains(reason));
  }

  @Test
  void whatIsNotTheConnectionsFaultIsNotRepeated() {
    for (FailureReason reason :
        EnumSet.of(
            POOL_EXHAUSTED,
            DEADLINE_EXCEEDED,
            CLIENT_TIMEOUT,
            UPSTREAM_TIMEOUT,
            UPSTREAM_IDLE_TIMEOUT,
            UPSTREAM_PROTOCOL_ERROR,
            UPSTREAM_CERTIFICATE_INVALID)) {
      assertThat(RetryDecision.afterFailure(exchange("GET", Body.EMPTY), reason)).isFalse();
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
    "GET, 500, false",
    "GET, 429, false",
    "GET, 200, false",
    "POST, 503, false",
    "PUT, 503, false",
    "DELETE, 503, false",
    "PATCH, 503, false"
  })
  void afterAStatus(String method, int status, boolean again) {
    assertThat(RetryDecision.afterStatus(exchange(method, Body.EMPTY), status)).isEqualTo(again);
  }

  @Test
  void aBodyThatIsSpentIsNotSentAgain() {
    assertThat(RetryDecision.afterStatus(exchange("GET", new Discards()), 503)).isFalse();
    assertThat(RetryDecision.afterFailure(exchange("GET", new Discards()), UPSTREAM_RESET))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1, 25", "2, 50", "3, 100", "4, 200", "5, 250", "10, 250", "1000, 250"})
  void backoffDoublesUpToItsLimit(int attempt, int ceilingMillis) {
    long ceiling = TimeUnit.MILLISECONDS.toNanos(ceilingMillis);

    assertThat(RetryDecision.backoffNanos(attempt, Math.nextDown(1.0)))
        .isBetween(ceiling - 1, ceiling);
    assertThat(RetryDecision.backoffNanos(attempt, 0.5)).isEqualTo(ceiling / 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 100})
  void backoffMayBeNothing(int attempt) {
    assertThat(RetryDecision.backoffNanos(attempt, 0)).isZero();
  }
}
