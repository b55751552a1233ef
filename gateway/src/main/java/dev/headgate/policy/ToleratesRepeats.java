package dev.headgate.policy;

/** Settings that say whether a route's service may get a request twice, whatever its method. */
public interface ToleratesRepeats {
  /** Whether the service itself tells repeats from others, and does nothing twice. */
  boolean upstreamIdempotent();
}
