package dev.headgate.policy.retry;

import org.jspecify.annotations.Nullable;

/** What the hedging of one route knows; shared by all event loops. */
final class Hedge {
  private final HedgeConfig config;
  private final TokenBucket share;
  private final @Nullable LatencyWindow window;

  Hedge(HedgeConfig config) {
    this.config = config;
    this.share = new TokenBucket(TokenBucket.Limits.of(config.maxExtraLoad(), 0));
    this.window =
        config.after().fixed() == null ? new LatencyWindow(config.after().percentile()) : null;
  }

  HedgeConfig config() {
    return config;
  }

  /** What requests bring in, and hedges take out: a share of requests, and no more. */
  TokenBucket share() {
    return share;
  }

  /** How long to wait for the first try, in nanoseconds; -1 where nobody can tell yet. */
  long afterNanos(long nowNanos) {
    LatencyWindow live = window;
    if (live != null) {
      return live.nanos(nowNanos);
    }
    return config.after().fixed() == null ? -1 : config.after().fixed().toNanos();
  }

  /**
   * How long a first try took to its answer's head. One that was overtaken by its hedge has taken
   * that long and more: left out, slow answers would vanish from the percentile that they make, and
   * ever more requests would be asked twice.
   */
  void took(long nanos, long nowNanos) {
    LatencyWindow live = window;
    if (live != null) {
      live.record(nanos, nowNanos);
    }
  }
}
