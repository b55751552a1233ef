package dev.headgate.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PendingTest {
  private static final int MOST = 10_000;

  private final Pending pending = new Pending();

  @Test
  void nothingIsPendingAtFirst() {
    assertThat(pending.has("a")).isFalse();
  }

  @Test
  void whatWasBegunIsPendingAndNothingElse() {
    pending.begin("a");

    assertThat(pending.has("a")).isTrue();
    assertThat(pending.has("b")).isFalse();
  }

  @Test
  void whatNobodyWasToldIsPendingWhateverIsHeard() {
    pending.begin("a");

    pending.heard(Long.MAX_VALUE - 1);

    assertThat(pending.has("a")).isTrue();
  }

  @Test
  void whatWasToldIsPendingUntilItIsHeard() {
    pending.begin("a");
    pending.told("a", 7);

    pending.heard(6);
    assertThat(pending.has("a")).isTrue();
    pending.heard(7);
    assertThat(pending.has("a")).isFalse();
  }

  @Test
  void oneThatWasToldBeforeIsHeardBefore() {
    pending.begin("a");
    pending.begin("b");
    pending.told("a", 7);
    pending.told("b", 8);

    pending.heard(7);

    assertThat(pending.has("a")).isFalse();
    assertThat(pending.has("b")).isTrue();
  }

  @Test
  void whatIsOverIsNotPendingAndCannotBeToldAgain() {
    pending.begin("a");
    pending.begin("b");

    pending.over("a");
    pending.told("a", 7);

    assertThat(pending.has("a")).isFalse();
    assertThat(pending.has("b")).isTrue();
  }

  @Test
  void whatIsBegunAgainIsPendingAgain() {
    pending.begin("a");
    pending.told("a", 7);
    pending.begin("a");

    pending.heard(7);

    assertThat(pending.has("a")).isTrue();
  }

  private void beginTooMany() {
    for (int i = 0; i < MOST; i++) {
      pending.begin("a" + i);
    }
    assertThat(pending.has("b")).isFalse();
    pending.begin("one more");
  }

  @Test
  void beyondTenThousandAllIsPending() {
    beginTooMany();

    assertThat(pending.has("a0")).isTrue();
    assertThat(pending.has("one more")).isTrue();
    assertThat(pending.has("b")).isTrue();
  }

  @Test
  void untilNothingIsUntold() {
    beginTooMany();

    pending.noneUntold();

    assertThat(pending.has("b")).isFalse();
    assertThat(pending.has("a0")).isTrue();
  }
}
