package dev.headgate.policy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UnfinishedTest {
  private final AtomicLong now = new AtomicLong();
  private final List<Duration> pauses = new ArrayList<>();
  private final List<Runnable> due = new ArrayList<>();
  private final Unfinished unfinished =
      new Unfinished(
          (pause, action) -> {
            pauses.add(pause);
            due.add(action);
          },
          now::get);

  private void failUntil(Duration worth) {
    unfinished.add(
        () -> CompletableFuture.failedFuture(new IllegalStateException("down")), 1, worth);
    while (!due.isEmpty()) {
      now.addAndGet(pauses.get(pauses.size() - 1).toNanos());
      due.remove(0).run();
    }
  }

  @Test
  void pausesGrowToHalfAMinute() {
    failUntil(Duration.ofMinutes(10));
    assertThat(pauses)
        .startsWith(Duration.ofMillis(100), Duration.ofMillis(200))
        .isSorted()
        .endsWith(Duration.ofSeconds(30), Duration.ofSeconds(30));
  }

  @Test
  void whatIsTooOldIsGivenUp() {
    failUntil(Duration.ofHours(24));
    assertThat(unfinished.count()).isZero();
    assertThat(Duration.ofNanos(now.get()))
        .isBetween(Duration.ofHours(24), Duration.ofHours(24).plusSeconds(30));
  }
}
