package dev.headgate.policy;

import dev.headgate.exchange.GatewayExchange;
import org.jspecify.annotations.Nullable;

/**
 * How the client itself addressed the gateway: where a trusted proxy stands between, as it tells by
 * {@code X-Forwarded-Proto} and {@code X-Forwarded-Host}; else as the request came in.
 */
public final class ClientSide {
  private ClientSide() {}

  /** {@code http} or {@code https}. */
  public static String scheme(GatewayExchange exchange) {
    String told = told(exchange, "x-forwarded-proto");
    if (told == null) {
      return exchange.request().scheme();
    }
    return told.equalsIgnoreCase("https") ? "https" : "http";
  }

  /** Host with its port; empty where the client sent none. */
  public static String authority(GatewayExchange exchange) {
    String told = told(exchange, "x-forwarded-host");
    return told == null ? exchange.request().authority() : told;
  }

  // Of several proxies the first in the list is the one the client spoke to.
  private static @Nullable String told(GatewayExchange exchange, String name) {
    String line = exchange.request().trusted() ? exchange.headers().get(name) : null;
    if (line == null) {
      return null;
    }
    int comma = line.indexOf(',');
    String first = (comma < 0 ? line : line.substring(0, comma)).trim();
    return first.isEmpty() ? null : first;
  }
}
