package dev.headgate.upstream;

import dev.headgate.config.HealthCheckConfig;

/**
 * What an endpoint's checks say of it. The first one decides alone: until then nobody knows, and a
 * guess should be corrected as soon as it can be.
 *
 * @param against good or bad results in a row, whichever contradict the verdict
 */
record HealthVerdict(Health health, int against) {
  enum Health {
    /** Not checked; used as if it were well. */
    UNKNOWN,
    HEALTHY,
    UNHEALTHY
  }

  static final HealthVerdict NONE = new HealthVerdict(Health.UNKNOWN, 0);

  HealthVerdict after(boolean good, HealthCheckConfig config) {
    Health said = good ? Health.HEALTHY : Health.UNHEALTHY;
    if (health == Health.UNKNOWN || health == said) {
      return new HealthVerdict(said, 0);
    }
    int needed = good ? config.healthyAfter() : config.unhealthyAfter();
    return against + 1 >= needed
        ? new HealthVerdict(said, 0)
        : new HealthVerdict(health, against + 1);
  }
}
