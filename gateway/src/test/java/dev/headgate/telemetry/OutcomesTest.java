package dev.headgate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Decision;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.Try;
import dev.headgate.testing.Destinations;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.api.Test;

class OutcomesTest {
  private final ExchangeRecord record = new ExchangeRecord(0);

  private String outcome(int status, FailureReason... flags) {
    record.status(status);
    for (FailureReason flag : flags) {
      record.flag(flag);
    }
    return Outcomes.of(record);
  }

  @Test
  void anAnswerIsOkWhoeverItWasForbiddenBy() {
    assertThat(outcome(403)).isEqualTo("OK");
  }

  @Test
  void theReasonThatTheClientWasTold() {
    assertThat(outcome(504, FailureReason.UPSTREAM_RESET, FailureReason.DEADLINE_EXCEEDED))
        .isEqualTo("DEADLINE_EXCEEDED");
  }

  @Test
  void whatCutAnAnswerOffThatHadBegun() {
    assertThat(outcome(200, FailureReason.UPSTREAM_PREMATURE_END))
        .isEqualTo("UPSTREAM_PREMATURE_END");
  }

  @Test
  void aClientThatWentIsThatWhateverElse() {
    assertThat(outcome(502, FailureReason.UPSTREAM_RESET, FailureReason.CLIENT_ABORTED))
        .isEqualTo("CLIENT_ABORTED");
  }

  @Test
  void aFallbackThatWasGivenIsOk() {
    record.decided(Decision.FALLBACK, "BREAKER_OPEN", 0);
    assertThat(outcome(200, FailureReason.BREAKER_OPEN)).isEqualTo("OK");
  }

  @Test
  void aServicesOwnErrorIsItsOwnAndARoutesAnswerIsNot() {
    record.route("fixed");
    assertThat(outcome(503)).isEqualTo("OK");
    Try one = new VirtualTime().exchange(HttpMethod.GET, Body.EMPTY).currentTry();
    one.begun(Destinations.named("svc"), 0);
    record.attempt(one);
    assertThat(outcome(503)).isEqualTo("UPSTREAM_ERROR");
  }

  @Test
  void aTryThatWasTooSlowIsNotOneThatNobodyWanted() {
    Try slow = new VirtualTime().exchange(HttpMethod.GET, Body.EMPTY).currentTry();
    slow.tooSlow();
    slow.ended(Try.End.CANCELLED);
    Try unwanted = new VirtualTime().exchange(HttpMethod.GET, Body.EMPTY).currentTry();
    unwanted.ended(Try.End.CANCELLED);

    assertThat(Outcomes.of(slow)).isEqualTo("UPSTREAM_TIMEOUT");
    assertThat(Outcomes.of(unwanted)).isEqualTo("CANCELLED");
  }
}
