package dev.headgate.policy.retry;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.Specs;

/**
 * How often a route tries.
 *
 * @param maxAttempts tries in all, the first included; 1 to 10, 1 never tries again, 3 unless
 *     written
 */
public record RetryConfig(int maxAttempts) {
  static final RetryConfig DEFAULT = new RetryConfig(3);
  static final ConfigKey<RetryConfig> KEY =
      new ConfigKey<>(
          "retry",
          spec(),
          "Tries again after a refused, failed or reset connection and after 502, 503 and 504, where"
              + " the method is safe or the failure proves that the service never got the request.");

  private static ObjectSpec<RetryConfig> spec() {
    Field<Integer> maxAttempts =
        Field.withDefault(
            "max-attempts",
            Specs.integer(1, 10),
            String.valueOf(DEFAULT.maxAttempts()),
            "Tries in all, the first included; 1 never tries again.");
    return Specs.object(values -> new RetryConfig(values.get(maxAttempts)), maxAttempts);
  }
}
