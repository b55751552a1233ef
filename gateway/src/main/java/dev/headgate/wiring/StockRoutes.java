package dev.headgate.wiring;

import org.springframework.core.env.Environment;

/** Whether stock Spring Cloud Gateway routes are declared beside ours. */
final class StockRoutes {
  private static final String PROPERTY = "spring.cloud.gateway.server.webflux.routes";

  private StockRoutes() {}

  static boolean declared(Environment environment) {
    // Every route definition must have a uri.
    return environment.containsProperty(PROPERTY + "[0].uri");
  }
}
