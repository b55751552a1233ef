package dev.headgate.exchange;

import java.util.Map;

/**
 * A part of an exchange that took time of its own and is no try of the service: a wait for a
 * permit, a call to a store. Told when it is over, however it ended.
 *
 * @param kind whether it is worth telling of however short it was
 * @param name of a closed set, in words: {@code bulkhead wait}
 * @param startNanos by the event loop's ticker
 * @param endNanos by the same
 * @param details beside it, each name of a closed set; values are no secrets
 */
public record Step(
    Kind kind, String name, long startNanos, long endNanos, Map<String, String> details) {

  /** What a step is. */
  public enum Kind {
    /** For something to become free: worth telling of where it took long. */
    WAIT,
    /** To something outside, or that could be. */
    CALL
  }

  public Step {
    details = Map.copyOf(details);
  }

  /** How long it took, in nanoseconds. */
  public long lastedNanos() {
    return endNanos - startNanos;
  }
}
