package dev.headgate.config;

/** What is spoken to the endpoints of an upstream. Nothing is negotiated, nothing is tried. */
public enum UpstreamProtocol {
  /** HTTP/1.1, in the clear or over TLS. */
  H1,
  /** HTTP/2 over TLS, chosen by ALPN (RFC 9113 section 3.2). */
  H2,
  /** HTTP/2 in the clear, with prior knowledge (RFC 9113 section 3.3). */
  H2C;

  /** Whether one connection carries many calls at once. */
  public boolean multiplexed() {
    return this != H1;
  }
}
