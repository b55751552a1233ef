package dev.headgate.config;

import java.time.Duration;
import java.util.List;

/**
 * A service behind the gateway.
 *
 * @param id the key under {@code upstreams}
 * @param endpoints where it can be reached: one or more, no two alike
 * @param protocol what is spoken to all of them; HTTP/1.1 unless written
 * @param tls how {@code https} endpoints are reached; without meaning for the others
 * @param connectTimeout limit for a connection to stand, TLS handshake included; 1ms to 60s, 1s
 *     unless written
 * @param host what the service sees as {@code Host}; the endpoint's own unless written
 * @param pool limits of the connections that are kept
 * @param balancing which of the endpoints a request goes to
 * @param extensions settings that policies own
 * @param mark where the id was written
 */
public record UpstreamConfig(
    String id,
    List<EndpointConfig> endpoints,
    UpstreamProtocol protocol,
    UpstreamTlsConfig tls,
    Duration connectTimeout,
    HostPolicy host,
    PoolConfig pool,
    BalancingConfig balancing,
    Extensions extensions,
    SourceMark mark) {

  public UpstreamConfig {
    endpoints = List.copyOf(endpoints);
  }
}
