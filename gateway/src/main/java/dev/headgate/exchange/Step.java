package dev.headgate.exchange;

import java.util.Map;

/**
 * A part of an exchange that took time of its own and is no try of the service: a wait for a
 * permit, a call to a store. Told when it is over, however it ended.
 *
 * @param name of a closed set, in words: {@code bulkhead wait}
 * @param startNanos by the event loop's ticker
 * @param endNanos by the same
 * @param details beside it, each name of a closed set; values are no secrets
 */
public record Step(String name, long startNanos, long endNanos, Map<String, String> details) {
  public Step {
    details = Map.copyOf(details);
  }

  /** How long it took, in nanoseconds. */
  public long lastedNanos() {
    return endNanos - startNanos;
  }
}
