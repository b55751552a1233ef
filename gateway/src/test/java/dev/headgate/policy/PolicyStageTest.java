package dev.headgate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.policy.PolicyStage.Scope;
import org.junit.jupiter.api.Test;

class PolicyStageTest {
  /** A change of this list changes what every request goes through: it is never a side effect. */
  @Test
  void theOrderIsThis() {
    assertThat(PolicyStage.values())
        .extracting(stage -> stage.scope() + " " + stage.name())
        .containsExactly(
            "REQUEST REQUEST_ID",
            "REQUEST ACCESS_LOG",
            "REQUEST METRICS",
            "REQUEST TRACING",
            "REQUEST CORS",
            "REQUEST REQUEST_LIMITS",
            "REQUEST VERSION",
            "REQUEST COMPRESSION",
            "REQUEST HEADERS",
            "REQUEST RESPONSE_HYGIENE",
            "REQUEST REVERSE_REWRITE",
            "REQUEST DEADLINE",
            "REQUEST FALLBACK",
            "REQUEST IDEMPOTENCY",
            "REQUEST RESPONSE_CACHE",
            "REQUEST TOTAL_TIMEOUT",
            "REQUEST RETRY",
            "ATTEMPT CIRCUIT_BREAKER",
            "ATTEMPT BULKHEAD",
            "ATTEMPT TRY_TIMEOUT");
  }

  @Test
  void noRequestStageStandsWithinAnAttempt() {
    assertThat(PolicyStage.values())
        .extracting(PolicyStage::scope)
        .isSortedAccordingTo(Scope::compareTo);
  }

  @Test
  void eachSaysWhyItStandsThere() {
    assertThat(PolicyStage.values()).allMatch(stage -> stage.reason().endsWith("."));
  }
}
