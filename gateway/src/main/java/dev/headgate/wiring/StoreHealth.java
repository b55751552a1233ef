package dev.headgate.wiring;

import dev.headgate.redis.RedisStatus;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * How it stands with Redis. While it is not to be had, most requests can be answered all the same:
 * that is {@code DEGRADED}, which health as a whole does not look at, unless the settings say that
 * nothing can be done without.
 */
final class StoreHealth implements HealthIndicator {
  static final Status DEGRADED = new Status("DEGRADED");

  private final Supplier<RedisStatus> redis;
  private final boolean needed;

  StoreHealth(Supplier<RedisStatus> redis, boolean needed) {
    this.redis = redis;
    this.needed = needed;
  }

  @Override
  public Health health() {
    RedisStatus status = redis.get();
    Health.Builder health =
        status.up() ? Health.up() : Health.status(needed ? Status.DOWN : DEGRADED);
    health
        .withDetail("kind", "redis")
        .withDetail("state", status.up() ? "up" : "down")
        .withDetail("since", status.since().toString())
        .withDetail("server", status.server());
    if (status.lastFailure() != null && status.lastFailureAt() != null) {
      health
          .withDetail("lastFailure", status.lastFailure())
          .withDetail("lastFailureAt", status.lastFailureAt().toString());
    }
    return health.build();
  }
}
