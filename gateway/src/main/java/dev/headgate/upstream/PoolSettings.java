package dev.headgate.upstream;

import java.time.Duration;

/**
 * The limits of one endpoint's connections.
 *
 * @param maxConnections at most so many at once, over all event loops; as many calls again may wait
 * @param maxIdle an idle connection is closed after this; keep it below the service's keep-alive
 * @param maxLife a connection is not reused after this, so that DNS changes take hold
 * @param connectTimeout the limit for resolving, connecting and the TLS handshake together, and for
 *     waiting for a connection to come free
 */
record PoolSettings(
    int maxConnections, Duration maxIdle, Duration maxLife, Duration connectTimeout) {}
