package dev.headgate.policy.cache;

import java.util.ArrayList;
import java.util.List;

/** What the other nodes could not be told yet. Safe for all threads. */
final class Untold {
  // More than that is told as what it comes to.
  private static final int MOST = 10_000;

  private final List<Purge> waiting = new ArrayList<>();

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
