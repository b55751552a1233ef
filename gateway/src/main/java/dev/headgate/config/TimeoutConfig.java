package dev.headgate.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits in time; each 1ms to 24h.
 *
 * @param total from the request's arrival to the answer's last byte; null for {@code none}
 * @param perTry each attempt, up to the head of its response; null for no limit of its own
 * @param idle silence on either side while a body is on its way
 */
public record TimeoutConfig(@Nullable Duration total, @Nullable Duration perTry, Duration idle) {
  /** What holds where nothing is written. */
  public static TimeoutConfig defaults() {
    return RouteSpecs.TIMEOUT.defaults();
  }
}
