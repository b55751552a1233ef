package dev.headgate.wiring;

import dev.headgate.reload.ActiveRoutes;
import dev.headgate.reload.DirectorySource;
import dev.headgate.reload.LastGoodStore;
import dev.headgate.reload.RepoReloader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Loads the routes before the port opens, and watches them until the process goes down. */
final class ConfigLifecycle implements SmartLifecycle {
  private final HeadgateProperties properties;
  private final ActiveRoutes routes;
  private volatile @Nullable RepoReloader reloader;

  ConfigLifecycle(HeadgateProperties properties, ActiveRoutes routes) {
    this.properties = properties;
    this.routes = routes;
  }

  /** Ahead of everything: the port must not open before there is something to serve. */
  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public void start() {
    Path root = properties.configRepo().toAbsolutePath().normalize();
    RepoReloader started =
        new RepoReloader(
            new DirectorySource(root),
            new LastGoodStore(properties.stateDir(), root.toString()),
            routes,
            properties.reload().poll(),
            properties.reload().debounce());
    reloader = started;
    started.start();
  }

  @Override
  public void stop() {
    RepoReloader running = reloader;
    reloader = null;
    if (running != null) {
      running.close();
    }
  }

  @Override
  public boolean isRunning() {
    return reloader != null;
  }
}
