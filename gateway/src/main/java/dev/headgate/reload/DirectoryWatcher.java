package dev.headgate.reload;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when the content of a {@link DirectorySource} has changed and settled: by the file system's
 * events, and by polling where there are none. A change that lands while the callback runs is told
 * after it. The root may go and come back, or not be there yet.
 */
public final class DirectoryWatcher implements AutoCloseable {
  /** How often everything is read though no event came: 10 s. */
  public static final Duration POLL = Duration.ofSeconds(10);

  /** How long nothing may stir before a change counts as settled: 250 ms. */
  public static final Duration QUIET = Duration.ofMillis(250);

  private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatcher.class);

  private final DirectorySource source;
  private final Consumer<Snapshot> onChange;
  private final ChangeSignal signal;
  private final ChangeDetector detector;
  private final Duration poll;
  private final NoEvents pause = new NoEvents();
  private final Thread thread;
  private volatile boolean closed;

  /** A watcher with {@link #POLL} and {@link #QUIET}. */
  public DirectoryWatcher(DirectorySource source, String digest, Consumer<Snapshot> onChange) {
    this(source, digest, POLL, QUIET, onChange);
  }

  /**
   * A watcher that has not been started.
   *
   * @param digest of the content that is known already; what has it is no change
   * @param onChange called on the watcher's own thread, one call at a time; what it throws is
   *     logged
   */
  public DirectoryWatcher(
      DirectorySource source,
      String digest,
      Duration poll,
      Duration quiet,
      Consumer<Snapshot> onChange) {
    this.source = source;
    this.onChange = onChange;
    this.poll = poll;
    this.signal = signal(source);
    this.detector = new ChangeDetector(signal, source::read, poll, quiet);
    this.thread = new Thread(() -> run(digest), "headgate-config-watcher");
    thread.setDaemon(true);
  }

  private static ChangeSignal signal(DirectorySource source) {
    try {
      return new FolderEvents(source);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("Changes below {} are only noticed by polling: {}", source.root(), e.toString());
      return new NoEvents();
    }
  }

  /** Begins to watch, and returns at once. */
  public void start() {
    thread.start();
  }

  /** Whether its thread still runs. */
  boolean isAlive() {
    return thread.isAlive();
  }

  private void run(String known) {
    String digest = known;
    try {
      while (!closed) {
        Snapshot changed = awaitChange(digest);
        if (changed != null) {
          digest = changed.digest();
          tell(changed);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("The watch of {} has ended", source.root());
    }
  }

  private @Nullable Snapshot awaitChange(String digest) throws InterruptedException {
    try {
      return detector.awaitChange(digest);
    } catch (RuntimeException e) {
      if (!closed) {
        LOG.error("{} could not be watched; next attempt in {}", source.root(), poll, e);
        pause.await(poll);
      }
      return null;
    }
  }

  private void tell(Snapshot changed) {
    try {
      onChange.accept(changed);
    } catch (Throwable e) {
      // Whatever it was, even a lack of memory for a huge set: the next change must still be seen.
      LOG.error("A change below {} could not be handled", source.root(), e);
    }
  }

  /** Ends the watch; a callback that is running runs to its end. Waits for nothing. */
  @Override
  public void close() {
    closed = true;
    pause.close();
    signal.close();
  }
}
