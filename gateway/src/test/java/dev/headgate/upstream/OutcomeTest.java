package dev.headgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.Try.End;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutcomeTest {
  @ParameterizedTest
  @CsvSource({
    "COMPLETE, false, 200, , SUCCESS",
    "COMPLETE, false, 404, , SUCCESS",
    "COMPLETE, false, 429, , SUCCESS",
    "COMPLETE, false, 101, , SUCCESS",
    "COMPLETE, false, 500, , FAILURE",
    "COMPLETE, false, 503, , FAILURE",
    "CANCELLED, false, 0, , NOTHING",
    "CANCELLED, true, 0, , FAILURE",
    "CANCELLED, false, 200, , SUCCESS",
    "CANCELLED, false, 502, , FAILURE",
    "FAILED, false, 0, UPSTREAM_CONNECTION_REFUSED, FAILURE",
    "FAILED, false, 0, UPSTREAM_CONNECT_TIMEOUT, FAILURE",
    "FAILED, false, 0, UPSTREAM_RESET, FAILURE",
    "FAILED, false, 200, UPSTREAM_RESET, FAILURE",
    "FAILED, false, 200, UPSTREAM_IDLE_TIMEOUT, FAILURE",
    "FAILED, false, 0, UPSTREAM_PROTOCOL_ERROR, FAILURE",
    "FAILED, false, 0, UPSTREAM_DNS_FAILURE, FAILURE",
    "FAILED, false, 0, UPSTREAM_UPGRADE_UNSUPPORTED, NOTHING",
    "FAILED, false, 0, POOL_EXHAUSTED, NOTHING",
    "FAILED, false, 0, CLIENT_ABORTED, NOTHING",
    "FAILED, false, 200, CLIENT_TIMEOUT, NOTHING",
    "FAILED, false, 0, PAYLOAD_TOO_LARGE, NOTHING"
  })
  void isTheEndpointsOrNot(
      End end, boolean tooSlow, int status, @Nullable FailureReason reason, Outcome outcome) {
    assertThat(Outcome.of(end, tooSlow, status, reason)).isEqualTo(outcome);
  }
}
