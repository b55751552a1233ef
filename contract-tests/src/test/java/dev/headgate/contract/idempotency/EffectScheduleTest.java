package dev.headgate.contract.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.idempotency.EffectSchedule.Blow;
import dev.headgate.contract.idempotency.EffectSchedule.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A seed says all that goes wrong. */
class EffectScheduleTest {
  @Test
  void aSeedGivesTheSameScheduleAgainAndAnotherAnother() {
    assertThat(EffectSchedule.of(7)).isEqualTo(EffectSchedule.of(7));
    assertThat(EffectSchedule.of(7)).isNotEqualTo(EffectSchedule.of(8));
  }

  @Test
  void everyKindComesInEachRound() {
    List<Step> steps = EffectSchedule.of(7).steps();
    int kinds = Blow.values().length;
    for (int i = 0; i + kinds <= steps.size(); i += kinds) {
      assertThat(steps.subList(i, i + kinds))
          .extracting(Step::blow)
          .containsExactlyInAnyOrder(Blow.values());
    }
  }
}
