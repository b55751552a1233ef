package dev.headgate.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;

/** What {@code check} has to know of {@code gateway.yml}, which Spring reads when it runs. */
final class ProcessSettings {
  private static final String STOCK_ROUTE = "spring.cloud.gateway.server.webflux.routes[0]";

  private static final String REDIS = "headgate.store.redis.uri";
  private static final String REDIS_IN_ENVIRONMENT = "HEADGATE_STORE_REDIS_URI";

  private static final Pattern BUNDLE =
      Pattern.compile("^spring\\.ssl\\.bundle\\.(?:pem|jks)\\.([^.\\[]+)");

  private ProcessSettings() {}

  /** Whether stock routes are declared there, so that a repo without routes of ours is complete. */
  static boolean declareStockRoutes(Path root) {
    Path file = root.resolve("gateway.yml");
    return Files.isRegularFile(file)
        && names(file).stream().anyMatch(name -> name.startsWith(STOCK_ROUTE));
  }

  /** Whether a Redis is named there, or in a profile's file, or by the environment. */
  static boolean nameRedis(Path root) {
    return System.getenv(REDIS_IN_ENVIRONMENT) != null
        || files(root).stream().anyMatch(file -> names(file).contains(REDIS));
  }

  /** The SSL bundles declared there and in {@code gateway-*.yml}, whatever the profile. */
  static DeclaredBundles sslBundles(Path root) {
    Set<String> bundles = new HashSet<>();
    for (Path file : files(root)) {
      for (String name : names(file)) {
        Matcher bundle = BUNDLE.matcher(name);
        if (bundle.find()) {
          bundles.add(bundle.group(1));
        }
      }
    }
    return new DeclaredBundles(bundles);
  }

  private static List<Path> files(Path root) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(root, "gateway{,-*}.yml")) {
      found.forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static List<String> names(Path file) {
    try {
      List<String> names = new ArrayList<>();
      for (PropertySource<?> source :
          new YamlPropertySourceLoader().load("gateway", new FileSystemResource(file))) {
        if (source instanceof EnumerablePropertySource<?> named) {
          names.addAll(List.of(named.getPropertyNames()));
        }
      }
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
