package dev.headgate.reload;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's events of the folders of a source: the root, both folders with their
 * subfolders, and the folder that the root is in, so that a root that goes and comes back is seen.
 * Files that a link leads to from outside are not watched; the poll sees those.
 */
final class FolderEvents implements ChangeSignal {
  private static final Logger LOG = LoggerFactory.getLogger(FolderEvents.class);

  private final DirectorySource source;
  private final WatchService service;
  private Map<WatchKey, Path> keys = new HashMap<>();
  private boolean warned;

  /**
   * Events of the default file system.
   *
   * @throws IOException if the operating system has none to give, as when its limit of watches is
   *     reached
   */
  FolderEvents(DirectorySource source) throws IOException {
    this.source = source;
    this.service = source.root().getFileSystem().newWatchService();
  }

  @Override
  public void refresh() {
    // A folder that was replaced has a new key under its old name, so everything is registered
    // anew. To register what
    // is registered changes nothing and loses nothing.
    Map<WatchKey, Path> now = new HashMap<>();
    Path above = source.root().getParent();
    if (above != null) {
      register(above, now);
    }
    register(source.root(), now);
    for (Path folder : source.folders()) {
      register(folder, now);
    }
    for (WatchKey old : keys.keySet()) {
      if (!now.containsKey(old)) {
        old.cancel();
      }
    }
    keys = now;
  }

  private void register(Path folder, Map<WatchKey, Path> into) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try {
      into.put(folder.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY), folder);
    } catch (IOException e) {
      if (!warned && Files.isDirectory(folder)) {
        warned = true;
        LOG.warn("Changes below {} are only noticed by polling: {}", folder, e.toString());
      }
    }
  }

  @Override
  public boolean await(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); left > 0; left = end - System.nanoTime()) {
      WatchKey key = poll(left);
      if (key == null) {
        return false;
      }
      boolean stirred = isOurs(key);
      // A key that cannot be reset belongs to a folder that is gone, which is a change as well.
      if (!key.reset() || stirred) {
        return true;
      }
    }
    return false;
  }

  private @Nullable WatchKey poll(long nanos) throws InterruptedException {
    try {
      return service.poll(nanos, TimeUnit.NANOSECONDS);
    } catch (ClosedWatchServiceException closed) {
      throw new InterruptedException("closed");
    }
  }

  private boolean isOurs(WatchKey key) {
    Path folder = keys.get(key);
    boolean ours = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      ours |= folder != null && isOurs(folder, event);
    }
    return ours;
  }

  private boolean isOurs(Path folder, WatchEvent<?> event) {
    if (event.kind() == OVERFLOW || !(event.context() instanceof Path name)) {
      return true;
    }
    if (!folder.startsWith(source.root())) {
      return name.equals(source.root().getFileName());
    }
    // What comes or goes may be a folder; what is merely written to, such as somebody's log, is of
    // no interest.
    return event.kind() != ENTRY_MODIFY || DirectoryScan.isConfig(name);
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
