package dev.headgate.wiring;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether stock Spring Cloud Gateway routes are declared beside ours. */
final class StockRoutes {
  private static final String PROPERTY = "spring.cloud.gateway.server.webflux.routes";

  private StockRoutes() {}

  static boolean declared(Environment environment) {
    return Binder.get(environment)
        .bind(PROPERTY, Bindable.listOf(Object.class))
        .map(routes -> !routes.isEmpty())
        .orElse(false);
  }
}
