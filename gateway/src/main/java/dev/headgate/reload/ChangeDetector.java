package dev.headgate.reload;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Decides when a change has settled: nothing stirred for a while, and two readings, one before and
 * one after that while, were equal. So a file that is still being written is no set.
 */
final class ChangeDetector {
  private final ChangeSignal signal;
  private final Supplier<Snapshot> source;
  private final Duration poll;
  private final Duration quiet;

  ChangeDetector(ChangeSignal signal, Supplier<Snapshot> source, Duration poll, Duration quiet) {
    this.signal = signal;
    this.source = source;
    this.poll = poll;
    this.quiet = quiet;
  }

  /** Waits until the content has another digest than that, and has settled. */
  Snapshot awaitChange(String digest) throws InterruptedException {
    while (true) {
      Snapshot now = read();
      if (!now.digest().equals(digest)) {
        now = settle(now);
      }
      if (!now.digest().equals(digest)) {
        return now;
      }
      signal.await(poll);
    }
  }

  private Snapshot settle(Snapshot first) throws InterruptedException {
    Snapshot last = first;
    while (true) {
      boolean stirred = signal.await(quiet);
      Snapshot next = read();
      if (!stirred && next.digest().equals(last.digest())) {
        return next;
      }
      last = next;
    }
  }

  private Snapshot read() {
    signal.refresh();
    return source.get();
  }
}
