package dev.headgate.reload;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigProblem;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the active table what the config repo says. A bad set is logged once with its problems and
 * leaves the running table alone; at the start, when there is none, the last good set serves.
 */
public final class RepoReloader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RepoReloader.class);
  private static final int LOGGED_PROBLEMS = 50;

  private final DirectorySource source;
  private final LastGoodStore store;
  private final ActiveRoutes routes;
  private final DirectoryWatcher watcher;

  /**
   * Loads what is there now; {@link #start()} begins watching.
   *
   * @param poll how often everything is read though no event came
   * @param quiet how long nothing may stir before a change counts as settled
   */
  public RepoReloader(
      DirectorySource source,
      LastGoodStore store,
      ActiveRoutes routes,
      Duration poll,
      Duration quiet) {
    this.source = source;
    this.store = store;
    this.routes = routes;
    Snapshot first = source.read();
    this.watcher = new DirectoryWatcher(source, first.digest(), poll, quiet, this::changed);
    if (!take(first)) {
      serveLastGood();
    }
  }

  public void start() {
    watcher.start();
  }

  private void changed(Snapshot snapshot) {
    take(snapshot);
  }

  private boolean take(Snapshot snapshot) {
    List<ConfigProblem> problems =
        routes.apply(snapshot.files(), snapshot.problems(), ReloadStatus.Origin.SOURCE);
    ReloadStatus status = routes.status();
    if (!status.lastAccepted()) {
      LOG.error(
          "config of {} refused, {}:\n{}",
          source.root(),
          status.version() == 0
              ? "nothing is served yet"
              : "version " + status.version() + " stays in force",
          listed(problems));
      return false;
    }
    LOG.info("config version {} in force: {} routes", status.version(), status.routes());
    if (!problems.isEmpty()) {
      LOG.warn("config version {} has warnings:\n{}", status.version(), listed(problems));
    }
    store.save(snapshot.files());
    return true;
  }

  private void serveLastGood() {
    List<ConfigFile> files = store.load();
    if (files == null) {
      LOG.error("there is no last good set to serve: not ready until the config is repaired");
      return;
    }
    routes.apply(files, List.of(), ReloadStatus.Origin.LAST_GOOD);
    if (routes.get() != null) {
      LOG.warn("serving the last good set of {} instead", store.archive());
    }
  }

  private static String listed(List<ConfigProblem> problems) {
    String lines =
        problems.stream()
            .limit(LOGGED_PROBLEMS)
            .map(problem -> "  " + problem)
            .collect(Collectors.joining("\n"));
    int more = problems.size() - LOGGED_PROBLEMS;
    return more > 0 ? lines + "\n  ... and " + more + " more" : lines;
  }

  @Override
  public void close() {
    watcher.close();
  }
}
