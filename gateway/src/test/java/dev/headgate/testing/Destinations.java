package dev.headgate.testing;

import dev.headgate.exchange.Destination;

/** Where tries go that never get there. */
public final class Destinations {
  private Destinations() {}

  public static Destination named(String endpoint) {
    return new Destination("u", endpoint, "http", endpoint, 80, "");
  }
}
