package dev.headgate.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.redis.RedisStatus;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class StoreHealthTest {
  private static final Instant THEN = Instant.parse("2026-06-01T12:00:00Z");

  private static Health health(boolean up, boolean needed) {
    return new StoreHealth(
            () -> new RedisStatus(up, THEN, "redis://a:1", "the connection was lost", THEN), needed)
        .health();
  }

  @Test
  void aStoreThatIsDownIsDegradedWhichIsNoReasonForAnybody() {
    Health health = health(false, false);
    assertThat(health.getStatus().getCode()).isEqualTo("DEGRADED");
    assertThat(health.getDetails())
        .containsEntry("kind", "redis")
        .containsEntry("state", "down")
        .containsEntry("since", THEN.toString())
        .containsEntry("lastFailure", "the connection was lost");
  }

  @Test
  void aStoreThatIsDownTakesReadinessDownWhereItIsNeeded() {
    assertThat(health(false, true).getStatus()).isEqualTo(Status.DOWN);
  }

  @Test
  void aStoreThatIsUpIsUp() {
    assertThat(health(true, false).getStatus()).isEqualTo(Status.UP);
    assertThat(health(true, true).getStatus()).isEqualTo(Status.UP);
  }
}
