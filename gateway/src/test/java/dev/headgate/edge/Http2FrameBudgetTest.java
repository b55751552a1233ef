package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.edge.Http2FrameBudget.Kind;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class Http2FrameBudgetTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Http2FrameBudget budget = new Http2FrameBudget(0);

  private int spent(Kind kind, long now) {
    int count = 0;
    while (count < 100_000 && budget.spend(kind, now)) {
      count++;
    }
    return count;
  }

  @Test
  void eachKindHasItsOwn() {
    assertThat(spent(Kind.PING, 0)).isEqualTo(1_000);
    assertThat(spent(Kind.SETTINGS, 0)).isEqualTo(100);
    assertThat(spent(Kind.WINDOW_UPDATE, 0)).isEqualTo(2_000);
    assertThat(spent(Kind.OTHER, 0)).isEqualTo(2_000);
  }

  @Test
  void whatIsPastComesBackLittleByLittle() {
    spent(Kind.SETTINGS, 0);

    assertThat(budget.spend(Kind.SETTINGS, 9 * SECOND)).isFalse();
    assertThat(spent(Kind.SETTINGS, 15 * SECOND)).isBetween(40, 60);
    assertThat(spent(Kind.SETTINGS, 60 * SECOND)).isEqualTo(100);
  }

  @Test
  void theEdgeOfAWindowIsNoChanceForTwice() {
    assertThat(spent(Kind.PING, 10 * SECOND - 1)).isEqualTo(1_000);

    assertThat(spent(Kind.PING, 10 * SECOND + 1)).isLessThan(10);
  }

  @Test
  void contentEarnsWhatItsReaderNeeds() {
    for (int i = 0; i < 1_000; i++) {
      budget.dataSent();
    }

    assertThat(spent(Kind.WINDOW_UPDATE, 0)).isEqualTo(2_000 + 10 * 1_000);
    assertThat(spent(Kind.PING, 0)).isEqualTo(1_000 + 1_000);
    assertThat(spent(Kind.SETTINGS, 0)).isEqualTo(100);
  }

  @Test
  void streamsEarnTheirPriorities() {
    for (int i = 0; i < 100; i++) {
      budget.streamOpened();
    }

    assertThat(spent(Kind.OTHER, 0)).isEqualTo(2_000 + 10 * 100);
  }

  @Test
  void whatWasEarnedIsGoodForTheWindowAfter() {
    for (int i = 0; i < 1_000; i++) {
      budget.dataSent();
    }

    assertThat(spent(Kind.WINDOW_UPDATE, 11 * SECOND)).isEqualTo(2_000 + 10 * 1_000);
    assertThat(spent(Kind.WINDOW_UPDATE, 60 * SECOND)).isEqualTo(2_000);
  }
}
