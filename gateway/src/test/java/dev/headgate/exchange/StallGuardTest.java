package dev.headgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StallGuardTest {
  private static final Duration LIMIT = Duration.ofMillis(100);

  private final VirtualTime time = new VirtualTime();
  private final Pipe pipe = new Pipe();

  private static final class Pipe implements StallGuard.Watched {
    boolean waiting = true;
    long progress;
    int stalls;

    @Override
    public boolean waiting() {
      return waiting;
    }

    @Override
    public long progress() {
      return progress;
    }

    @Override
    public void stalled() {
      stalls++;
    }
  }

  @Test
  void noticesAStallBetweenTheLimitAndAQuarterMore() {
    StallGuard.start(time.loop(), LIMIT, pipe);

    time.advance(LIMIT.minusMillis(1));
    assertThat(pipe.stalls).isZero();
    time.advance(Duration.ofMillis(26));
    assertThat(pipe.stalls).isEqualTo(1);
    assertThat(time.nothingScheduled()).isTrue();
  }

  @Test
  void whatMovesIsNotStalled() {
    StallGuard guard = StallGuard.start(time.loop(), LIMIT, pipe);

    for (int i = 0; i < 20; i++) {
      time.advance(Duration.ofMillis(70));
      pipe.progress++;
    }

    assertThat(pipe.stalls).isZero();
    guard.stop();
  }

  @Test
  void whatNobodyWaitsForIsNotStalled() {
    pipe.waiting = false;
    StallGuard.start(time.loop(), LIMIT, pipe);
    time.advance(Duration.ofSeconds(1));
    assertThat(pipe.stalls).isZero();

    pipe.waiting = true;
    time.advance(Duration.ofMillis(99));
    assertThat(pipe.stalls).isZero();
    time.advance(Duration.ofMillis(60));
    assertThat(pipe.stalls).isEqualTo(1);
  }

  @Test
  void stoppedItIsSilentAndSchedulesNothing() {
    StallGuard guard = StallGuard.start(time.loop(), LIMIT, pipe);
    time.advance(Duration.ofMillis(60));

    guard.stop();
    guard.stop();

    assertThat(time.nothingScheduled()).isTrue();
    time.advance(Duration.ofSeconds(1));
    assertThat(pipe.stalls).isZero();
  }

  @Test
  void aTinyLimitDoesNotSpin() {
    StallGuard.start(time.loop(), Duration.ofNanos(1), pipe);

    time.advance(Duration.ofMillis(1));

    assertThat(pipe.stalls).isEqualTo(1);
  }
}
