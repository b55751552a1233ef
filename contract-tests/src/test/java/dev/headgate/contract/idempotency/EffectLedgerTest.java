package dev.headgate.contract.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The judge sees each promise that is broken. */
class EffectLedgerTest {
  private final EffectLedger ledger = new EffectLedger();

  /** A key that was used once, answered and repeated. */
  private int fine(String key) {
    ledger.used(key);
    int effect = ledger.effect(key);
    ledger.answered(key, EffectLedger.text(effect));
    ledger.ended(key, "replayed");
    return effect;
  }

  @Test
  void oneEffectWithOneAnswerIsFine() {
    int effect = fine("a");
    ledger.answered("a", EffectLedger.text(effect));
    fine("b");

    assertThat(ledger.faults()).isEmpty();
  }

  @Test
  void noEffectAndNoAnswerIsFine() {
    ledger.used("a");
    ledger.ended("a", "unknown");

    assertThat(ledger.faults()).isEmpty();
  }

  @Test
  void aSecondEffectIsNot() {
    fine("a");
    ledger.effect("a");

    assertThat(ledger.faults()).containsExactly("a had 2 effects: [1, 2]");
  }

  @Test
  void norIsAnotherAnswer() {
    fine("a");
    ledger.answered("a", EffectLedger.text(ledger.effect("b")));

    assertThat(ledger.faults())
        .containsExactly(
            "a had 2 answers: [effect 1, effect 2]",
            "a was answered with what the service never did: [effect 2]");
  }

  @Test
  void norAnAnswerToWhatWasNotDone() {
    ledger.used("a");
    ledger.answered("a", EffectLedger.text(7));
    ledger.ended("a", "replayed");

    assertThat(ledger.faults())
        .containsExactly("a was answered with what the service never did: [effect 7]");
  }

  @Test
  void norAKeyThatIsStuck() {
    fine("a");
    ledger.used("b");

    assertThat(ledger.faults()).containsExactly("b is stuck");
  }

  @Test
  void norWhatMayNotHappenAtAll() {
    ledger.odd("422");

    assertThat(ledger.faults()).containsExactly("422");
  }
}
