package dev.headgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.HealthCheckConfig;
import dev.headgate.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When an endpoint is checked, and what comes of it; the clock is moved by hand. */
class HealthCheckerTest {
  private static final HealthCheckConfig EVERY_SECOND =
      new HealthCheckConfig("/health", Duration.ofSeconds(1), Duration.ofMillis(200), 3, 2);

  private final VirtualTime time = new VirtualTime();
  private final List<String> told = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();
  private @Nullable String answer;
  private boolean answering = true;

  private final HealthChecker checker =
      new HealthChecker(
          (health, why, now) -> told.add(health + " " + why), time.loop(), this::start);

  /** A check that was begun. */
  private static final class Asked {
    final HealthCheckConfig config;
    final Consumer<@Nullable String> done;
    boolean cancelled;

    Asked(HealthCheckConfig config, Consumer<@Nullable String> done) {
      this.config = config;
      this.done = done;
    }
  }

  private Runnable start(
      HealthCheckConfig config, String basePath, Consumer<@Nullable String> done) {
    Asked one = new Asked(config, done);
    asked.add(one);
    if (answering) {
      String now = answer;
      time.loop().execute(() -> done.accept(now));
    }
    return () -> one.cancelled = true;
  }

  private void use(@Nullable HealthCheckConfig config) {
    checker.use(config, "");
    time.run();
  }

  /** Lets so many checks happen, one after another, each with this result. */
  private void results(int count, @Nullable String wrong) {
    answer = wrong;
    int until = asked.size() + count;
    for (int i = 0; asked.size() < until && i < 100_000; i++) {
      time.advance(Duration.ofMillis(1));
    }
    assertThat(asked).hasSize(until);
    time.run();
  }

  @Test
  void theFirstCheckComesSoonAndDecidesAlone() {
    use(EVERY_SECOND);
    answer = "status 503";
    time.advance(Duration.ofMillis(501));

    assertThat(told).containsExactly("UNHEALTHY status 503");
  }

  @Test
  void severalBadOnesInARowMakeItUnhealthyAndSeveralGoodOnesHealthy() {
    use(EVERY_SECOND);
    results(1, null);
    results(2, "no answer in time");
    results(1, null);
    results(2, "no answer in time");
    assertThat(told).containsExactly("HEALTHY answers well");

    results(1, "no answer in time");
    results(1, null);
    results(1, "no answer in time");
    results(1, null);
    assertThat(told).containsExactly("HEALTHY answers well", "UNHEALTHY no answer in time");

    results(1, null);
    assertThat(told).hasSize(3).last().isEqualTo("HEALTHY answers well");
  }

  @Test
  void checksComeAtTheirIntervalGiveOrTakeATenth() {
    use(EVERY_SECOND);
    answer = null;

    time.advance(Duration.ofSeconds(60));

    assertThat(asked).hasSizeBetween(54, 68);
  }

  @Test
  void noCheckBeginsWhileOneRuns() {
    answering = false;
    use(EVERY_SECOND);

    time.advance(Duration.ofSeconds(30));

    assertThat(asked).hasSize(1);
    asked.get(0).done.accept(null);
    time.advance(Duration.ofMillis(1_101));
    assertThat(asked).hasSize(2);
  }

  @Test
  void changedSettingsApplyAtOnceAndWhatIsKnownStays() {
    use(EVERY_SECOND);
    results(1, "status 500");
    HealthCheckConfig faster =
        new HealthCheckConfig("/alive", Duration.ofMillis(100), Duration.ofMillis(50), 1, 1);

    use(faster);
    time.advance(Duration.ofMillis(111));

    assertThat(asked).hasSize(2);
    assertThat(asked.get(1).config).isEqualTo(faster);
    assertThat(told).hasSize(1);
    results(1, null);
    assertThat(told).last().isEqualTo("HEALTHY answers well");
  }

  @Test
  void theSameSettingsAgainChangeNothing() {
    use(EVERY_SECOND);
    results(1, null);
    for (int i = 0; i < 20; i++) {
      use(EVERY_SECOND);
      time.advance(Duration.ofMillis(100));
    }

    assertThat(asked).hasSizeBetween(2, 4);
  }

  @Test
  void whoIsNoLongerCheckedIsUsedAgainAndNothingIsLeft() {
    answering = false;
    use(EVERY_SECOND);
    time.advance(Duration.ofMillis(501));

    use(null);

    assertThat(asked.get(0).cancelled).isTrue();
    assertThat(told).containsExactly("UNKNOWN no longer checked");
    assertThat(time.nothingScheduled()).isTrue();
  }
}
