package dev.headgate.policy.cache;

import dev.headgate.exchange.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a call may take that belongs to no client.
 *
 * @param total the route's limit; null for none
 */
record FillLimit(@Nullable Duration total) {
  Deadline from(long nowNanos) {
    return total == null ? Deadline.NONE : Deadline.after(nowNanos, total);
  }
}
