package dev.headgate.upstream;

import dev.headgate.config.UpstreamProtocol;
import dev.headgate.config.UpstreamTlsConfig;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What tells one endpoint's live state from another's.
 *
 * @param upstream the upstream's id: limits are the upstream's, so state is not shared across them
 * @param protocol what is spoken
 * @param tls how connections are secured; null where they are not
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535
 * @param address which of the name's addresses, where it has several; null for the host as it is
 */
record EndpointKey(
    String upstream,
    UpstreamProtocol protocol,
    @Nullable UpstreamTlsConfig tls,
    String host,
    int port,
    @Nullable InetAddress address) {
  EndpointKey(
      String upstream,
      UpstreamProtocol protocol,
      @Nullable UpstreamTlsConfig tls,
      String host,
      int port) {
    this(upstream, protocol, tls, host, port, null);
  }

  /** The same at one of its name's addresses. */
  EndpointKey at(InetAddress one) {
    return new EndpointKey(upstream, protocol, tls, host, port, one);
  }

  /**
   * {@code host:port}, IPv6 in brackets, as the access log shows it; {@code host:port/address} for
   * one of several addresses.
   */
  String name() {
    return address == null ? hostAndPort() : hostAndPort() + "/" + address.getHostAddress();
  }

  /** What goes into {@code Host}: the port only where it is not the scheme's own. */
  String authority() {
    return port == (tls == null ? 80 : 443) ? bracketed() : hostAndPort();
  }

  String scheme() {
    return tls == null ? "http" : "https";
  }

  private String hostAndPort() {
    return bracketed() + ":" + port;
  }

  private String bracketed() {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }
}
