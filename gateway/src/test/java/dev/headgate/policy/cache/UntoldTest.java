package dev.headgate.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UntoldTest {
  private static final int MOST = 10_000;

  private final Untold untold = new Untold();

  private static Purge tag(int number) {
    return Purge.tag("t" + number, false);
  }

  private void addUpTo(int number) {
    for (int i = 1; i <= number; i++) {
      untold.add(tag(i));
    }
  }

  @Test
  void nothingIsUntoldAtFirst() {
    assertThat(untold.takeAll()).isEmpty();
  }

  @Test
  void whatIsTakenIsInOrderAndTakenOnce() {
    addUpTo(3);

    assertThat(untold.takeAll()).containsExactly(tag(1), tag(2), tag(3));
    assertThat(untold.takeAll()).isEmpty();
  }

  @Test
  void whatIsAddedTwiceIsToldOnce() {
    addUpTo(2);
    addUpTo(2);

    assertThat(untold.takeAll()).containsExactly(tag(1), tag(2));
  }

  @Test
  void whatComesMeanwhileIsForTheNextTime() {
    addUpTo(1);
    var taken = untold.takeAll();
    untold.add(tag(2));

    assertThat(taken).containsExactly(tag(1));
    assertThat(untold.takeAll()).containsExactly(tag(2));
  }

  @Test
  void upToTenThousandAreToldOneByOne() {
    addUpTo(MOST);

    assertThat(untold.takeAll()).hasSize(MOST).endsWith(tag(MOST));
  }

  @Test
  void moreThanThatIsToldAsAll() {
    addUpTo(MOST + 2);

    assertThat(untold.takeAll()).containsExactly(Purge.everything(), tag(MOST + 1), tag(MOST + 2));
  }
}
