package dev.headgate.wiring;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigProblem;
import dev.headgate.reload.ActiveRoutes;
import dev.headgate.reload.ReloadStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Loads the routes before the port opens, and watches them until it closes. */
final class ConfigLifecycle implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigLifecycle.class);

  private final HeadgateProperties properties;
  private final ActiveRoutes routes;
  private volatile boolean running;

  ConfigLifecycle(HeadgateProperties properties, ActiveRoutes routes) {
    this.properties = properties;
    this.routes = routes;
  }

  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public void start() {
    running = true;
    List<ConfigFile> files = new ArrayList<>();
    for (String kind : List.of("upstreams", "routes")) {
      Path dir = properties.configRepo().resolve(kind);
      try (var list = Files.list(dir)) {
        for (Path file : list.sorted().toList()) {
          files.add(new ConfigFile(kind + "/" + file.getFileName(), Files.readAllBytes(file)));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    List<ConfigProblem> problems = routes.apply(files, List.of(), ReloadStatus.Origin.SOURCE);
    problems.forEach(problem -> LOG.warn("{}", problem));
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
