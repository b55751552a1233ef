package dev.headgate.policy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatencyWindowTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LatencyWindow window = new LatencyWindow(95);

  private void record(int samples, long millis, long now) {
    for (int i = 0; i < samples; i++) {
      window.record(millis * MILLI, now);
    }
  }

  @Test
  void saysNothingBeforeItKnowsEnough() {
    record(99, 10, 0);
    assertThat(window.nanos(0)).isEqualTo(-1);
    record(1, 10, 0);
    assertThat(window.nanos(SECOND))
        .isCloseTo(10 * MILLI, org.assertj.core.data.Percentage.withPercentage(2));
  }

  @Test
  void tellsItsPercentile() {
    record(940, 10, 0);
    record(60, 200, 0);

    assertThat(window.nanos(0)).isBetween(198 * MILLI, 202 * MILLI);
  }

  @Test
  void isWorkedOutOnceASecond() {
    record(100, 10, 0);
    long before = window.nanos(0);
    record(10_000, 500, 0);

    assertThat(window.nanos(SECOND - 1)).isEqualTo(before);
    assertThat(window.nanos(SECOND)).isGreaterThan(400 * MILLI);
  }

  @Test
  void forgetsWhatIsOld() {
    record(1_000, 500, 0);
    record(1_000, 10, 31 * SECOND);
    assertThat(window.nanos(31 * SECOND)).isGreaterThan(400 * MILLI);

    record(1_000, 10, 62 * SECOND);

    assertThat(window.nanos(62 * SECOND)).isLessThan(11 * MILLI);
    assertThat(window.nanos(200 * SECOND)).as("nothing for two turns").isEqualTo(-1);
  }

  @Test
  void rarerPercentilesNeedMoreSamples() {
    LatencyWindow rare = new LatencyWindow(99.9);
    for (int i = 0; i < 4_999; i++) {
      rare.record(MILLI, 0);
    }
    assertThat(rare.nanos(0)).isEqualTo(-1);
    rare.record(MILLI, 0);
    assertThat(rare.nanos(SECOND)).isPositive();
  }

  @Test
  void whatIsBeyondItsRangeIsItsEnd() {
    record(100, 3_600_000, 0);

    assertThat(window.nanos(0)).isGreaterThan(59 * SECOND);
  }
}
