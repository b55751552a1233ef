package dev.headgate.config;

import org.jspecify.annotations.Nullable;

/**
 * How connections to {@code https} endpoints are secured.
 *
 * @param bundle name of an SSL bundle of the process settings, {@code spring.ssl.bundle.*}, with
 *     the trust store and, where the service asks for one, the client's certificate; null for the
 *     JVM's own trust and no certificate
 * @param verifyHostname whether the certificate must be one for the name (RFC 9110 section 4.3.4)
 * @param serverName the name that is sent as SNI and verified, instead of the endpoint's host; null
 *     for that host
 */
public record UpstreamTlsConfig(
    @Nullable String bundle, boolean verifyHostname, @Nullable String serverName) {
  /** What holds where nothing is written. */
  public static UpstreamTlsConfig defaults() {
    return UpstreamTlsSpec.TLS.defaults();
  }
}
