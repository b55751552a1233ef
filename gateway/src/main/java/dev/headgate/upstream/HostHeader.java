package dev.headgate.upstream;

/** What an upstream is sent as {@code Host}. */
public sealed interface HostHeader {
  /** The endpoint's own authority, the default. */
  record OfEndpoint() implements HostHeader {}

  /** What the client sent. */
  record Preserved() implements HostHeader {}

  /** A fixed value. */
  record Literal(String value) implements HostHeader {}

  /** The value for one request. */
  default String value(String clientAuthority, String endpointAuthority) {
    if (this instanceof Literal literal) {
      return literal.value();
    }
    return this instanceof Preserved && !clientAuthority.isEmpty()
        ? clientAuthority
        : endpointAuthority;
  }
}
