package dev.headgate.redis;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What a session has under way: bounded, and watched for a Redis that no longer answers. */
final class Load {
  /** Beyond these, calls fail at once: what Redis cannot take would wait here for ever. */
  private static final int MOST_CALLS = 32_768;

  private static final long MOST_BYTES = 64L << 20;

  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private volatile long progress;

  /** Too much is under way for one more. */
  static final class Full extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Full() {
      super("too much is under way", null, false, false);
    }
  }

  Load(long now) {
    this.progress = now;
  }

  boolean take(int size, long now) {
    if (calls.incrementAndGet() == 1) {
      progress = now;
    }
    // One call alone always passes, however large.
    long all = bytes.addAndGet(size);
    if (calls.get() > MOST_CALLS || (all > MOST_BYTES && all > size)) {
      give(size);
      return false;
    }
    return true;
  }

  void done(int size, long now) {
    progress = now;
    give(size);
  }

  private void give(int size) {
    bytes.addAndGet(-size);
    calls.decrementAndGet();
  }

  /** For how long something has been under way with nothing coming back. */
  long silentNanos(long now) {
    return calls.get() == 0 ? 0 : now - progress;
  }

  long idleNanos(long now) {
    return calls.get() == 0 ? now - progress : 0;
  }
}
