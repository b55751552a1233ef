package dev.headgate.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PendingTest {
  private static final int MOST = 10_000;
  private static final String EVERYTHING = "everything";

  private final Pending pending = new Pending();

  private void heard(long number) {
    pending.heard(number, EVERYTHING);
  }

  @Test
  void whatWasBegunIsPendingAndNothingElse() {
    assertThat(pending.has("a")).isFalse();
    pending.begin("a");

    assertThat(pending.has("a")).isTrue();
    assertThat(pending.has("b")).isFalse();
  }

  @Test
  void whatNobodyWasToldIsPendingWhateverIsHeard() {
    pending.begin("a");

    heard(Long.MAX_VALUE - 1);

    assertThat(pending.has("a")).isTrue();
  }

  @Test
  void whatWasToldIsPendingUntilItIsHeard() {
    long ticket = pending.begin("a");
    pending.told("a", ticket, 7);

    heard(6);
    assertThat(pending.has("a")).isTrue();
    heard(7);
    assertThat(pending.has("a")).isFalse();
  }

  @Test
  void oneThatWasToldBeforeIsHeardBefore() {
    pending.told("a", pending.begin("a"), 7);
    pending.told("b", pending.begin("b"), 8);

    heard(7);

    assertThat(pending.has("a")).isFalse();
    assertThat(pending.has("b")).isTrue();
  }

  @Test
  void whatIsOverIsNotPendingAndCannotBeToldAgain() {
    long ticket = pending.begin("a");
    pending.begin("b");

    pending.over("a", ticket);
    pending.told("a", ticket, 7);

    assertThat(pending.has("a")).isFalse();
    assertThat(pending.has("b")).isTrue();
  }

  @Test
  void theEndOfAnEarlierOneIsNotThatOfALater() {
    long earlier = pending.begin("a");
    long later = pending.begin("a");

    pending.over("a", earlier);
    pending.told("a", earlier, 7);
    heard(7);
    assertThat(pending.has("a")).isTrue();

    pending.over("a", later);
    assertThat(pending.has("a")).isFalse();
  }

  @Test
  void withEverythingAllIsOverThatWasBegunBefore() {
    pending.begin("a");
    long all = pending.begin(EVERYTHING);
    pending.begin("b");
    pending.told(EVERYTHING, all, 7);

    heard(6);
    assertThat(pending.has("a")).isTrue();
    heard(7);
    assertThat(pending.has("a")).isFalse();
    assertThat(pending.has(EVERYTHING)).isFalse();
    assertThat(pending.has("b")).isTrue();
  }

  @Test
  void itIsFullWithTenThousand() {
    for (int i = 0; i < MOST; i++) {
      assertThat(pending.isFull()).isFalse();
      pending.begin("a" + i);
    }

    assertThat(pending.isFull()).isTrue();
  }
}
