package dev.headgate.config;

import java.time.Duration;

/**
 * Limits of the connections to each endpoint of an upstream.
 *
 * @param maxConnections connections to one endpoint, idle ones included, over all event loops; 1 to
 *     65536
 * @param maxIdle an unused connection is closed after this; 1s to 1h
 * @param maxLife a connection takes no further request after this; 1s to 24h
 */
public record PoolConfig(int maxConnections, Duration maxIdle, Duration maxLife) {
  /** What holds where nothing is written. */
  public static PoolConfig defaults() {
    return UpstreamSpecs.POOL.defaults();
  }
}
