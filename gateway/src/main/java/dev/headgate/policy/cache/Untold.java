package dev.headgate.policy.cache;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the other nodes could not be told yet. Safe for all threads. */
final class Untold {
  // More than that is told as what it comes to.
  private static final int MOST = 10_000;

  // A purge by URL fails in two calls, and may fail again: it is to be told once all the same.
  private final Set<Purge> waiting = new LinkedHashSet<>();

  synchronized void add(Purge what) {
    if (waiting.size() >= MOST) {
      waiting.clear();
      waiting.add(Purge.everything());
    }
    waiting.add(what);
  }

  synchronized List<Purge> takeAll() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Purge> all = List.copyOf(waiting);
    waiting.clear();
    return all;
  }
}
