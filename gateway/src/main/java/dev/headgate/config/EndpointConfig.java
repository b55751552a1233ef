package dev.headgate.config;

/**
 * One address of an upstream, from a URL.
 *
 * @param scheme {@code http} or {@code https}
 * @param host lower-case name or address; an IPv6 address without its brackets
 * @param port 1 to 65535; 80 or 443 unless the URL says otherwise
 * @param basePath what stands before every path sent there: empty, or with a leading and no
 *     trailing slash
 * @param weight share of the requests, relative to the other endpoints; 1 to 1000, 1 unless written
 */
public record EndpointConfig(String scheme, String host, int port, String basePath, int weight) {

  /** Whether connections are made with TLS. */
  public boolean tls() {
    return scheme.equals("https");
  }

  /**
   * Host and port as a {@code Host} header has them: brackets for IPv6, no default port (RFC 9110,
   * section 7.2).
   */
  public String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (tls() ? 443 : 80) ? name : name + ":" + port;
  }

  /** The URL without the weight, in one spelling for one place. */
  public String url() {
    return scheme + "://" + authority() + basePath;
  }
}
