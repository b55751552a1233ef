package dev.headgate.upstream;

/**
 * What tells one endpoint's live state from another's.
 *
 * @param upstream the upstream's id: limits are the upstream's, so state is not shared across them
 * @param tls whether connections are encrypted
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535
 */
record EndpointKey(String upstream, boolean tls, String host, int port) {
  /** {@code host:port}, IPv6 in brackets, as the access log shows it. */
  String name() {
    return bracketed() + ":" + port;
  }

  /** What goes into {@code Host}: the port only where it is not the scheme's own. */
  String authority() {
    return port == (tls ? 443 : 80) ? bracketed() : name();
  }

  private String bracketed() {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }
}
