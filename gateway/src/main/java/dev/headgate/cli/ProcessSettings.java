package dev.headgate.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;

/** What {@code check} has to know of {@code gateway.yml}, which Spring reads when it runs. */
final class ProcessSettings {
  private static final String STOCK_ROUTE = "spring.cloud.gateway.server.webflux.routes[0]";

  private ProcessSettings() {}

  /** Whether stock routes are declared there, so that a repo without routes of ours is complete. */
  static boolean declareStockRoutes(Path root) {
    Path file = root.resolve("gateway.yml");
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try {
      List<PropertySource<?>> sources =
          new YamlPropertySourceLoader().load("gateway", new FileSystemResource(file));
      return sources.stream().anyMatch(ProcessSettings::hasStockRoute);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasStockRoute(PropertySource<?> source) {
    return source instanceof EnumerablePropertySource<?> names
        && List.of(names.getPropertyNames()).stream().anyMatch(n -> n.startsWith(STOCK_ROUTE));
  }
}
