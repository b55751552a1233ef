package dev.headgate.upstream;

import dev.headgate.config.UpstreamProtocol;
import dev.headgate.config.UpstreamTlsConfig;
import org.jspecify.annotations.Nullable;

/**
 * What tells one endpoint's live state from another's.
 *
 * @param upstream the upstream's id: limits are the upstream's, so state is not shared across them
 * @param protocol what is spoken
 * @param tls how connections are secured; null where they are not
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535
 */
record EndpointKey(
    String upstream,
    UpstreamProtocol protocol,
    @Nullable UpstreamTlsConfig tls,
    String host,
    int port) {
  /** {@code host:port}, IPv6 in brackets, as the access log shows it. */
  String name() {
    return bracketed() + ":" + port;
  }

  /** What goes into {@code Host}: the port only where it is not the scheme's own. */
  String authority() {
    return port == (tls == null ? 80 : 443) ? bracketed() : name();
  }

  String scheme() {
    return tls == null ? "http" : "https";
  }

  private String bracketed() {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }
}
