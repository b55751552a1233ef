package dev.headgate.edge;

import java.time.Duration;

/**
 * What a client's connection may cost. Where a limit is a number, 0 is none.
 *
 * @param maxConnections open at a time, all clients together
 * @param maxConnectionsPerClient open at a time from one address, or one /64 of IPv6
 * @param maxRequestsPerConnection after which a connection is closed
 * @param maxRequestLine bytes of the request line; positive
 * @param maxHeaders bytes of the header section; positive
 * @param maxHeaderCount fields of the header section; positive
 * @param headerTimeout from the first byte of a request, or from a connection's beginning, to the
 *     end of the head
 * @param handshakeTimeout from a connection's beginning to the end of the TLS handshake
 * @param proxyProtocolTimeout from a connection's beginning to the end of its PROXY header
 * @param keepAlive how long a connection may stay without a request
 */
public record EdgeLimits(
    int maxConnections,
    int maxConnectionsPerClient,
    int maxRequestsPerConnection,
    int maxRequestLine,
    int maxHeaders,
    int maxHeaderCount,
    Duration headerTimeout,
    Duration handshakeTimeout,
    Duration proxyProtocolTimeout,
    Duration keepAlive) {}
