package dev.headgate.config;

/** What an upstream sees as {@code Host}. */
public sealed interface HostPolicy {
  /** The client's own. */
  record Preserve() implements HostPolicy {}

  /** That of the endpoint's URL. */
  record Endpoint() implements HostPolicy {}

  /**
   * Always the same.
   *
   * @param value a host, with or without a port
   */
  record Literal(String value) implements HostPolicy {}
}
