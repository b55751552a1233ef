package dev.headgate.policy.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was purged here and is not yet known to be known to all: what other nodes have kept of it is
 * of no use. Each purge has a ticket, so that the end of an earlier one of the same is not taken
 * for the end of a later one. Safe for all threads.
 */
final class Pending {
  private static final int MOST = 10_000;
  private static final long UNTOLD = Long.MAX_VALUE;

  private final Map<String, One> all = new ConcurrentHashMap<>();
  private final AtomicLong tickets = new AtomicLong();

  /**
   * @param number of what others were told
   */
  private record One(long ticket, long number) {}

  /** Whether there is too much to tell apart. */
  boolean isFull() {
    return all.size() >= MOST;
  }

  /**
   * Is purged, and nobody else knows.
   *
   * @return its ticket; a later one has a larger
   */
  long begin(String what) {
    return all.compute(what, (same, before) -> new One(tickets.incrementAndGet(), UNTOLD)).ticket();
  }

  /**
   * Others are told.
   *
   * @param number of what they were told
   */
  void told(String what, long ticket, long number) {
    all.computeIfPresent(
        what, (same, one) -> one.ticket() == ticket ? new One(ticket, number) : one);
  }

  /** It is known where it is looked for. */
  void over(String what, long ticket) {
    all.computeIfPresent(what, (same, one) -> one.ticket() == ticket ? null : one);
  }

  /**
   * What was told up to this is held against what others have kept.
   *
   * @param everything what says that all is purged: before that, so is the rest
   */
  void heard(long number, String everything) {
    One purge = all.get(everything);
    if (purge != null && purge.number() <= number) {
      all.values().removeIf(one -> one.ticket() <= purge.ticket());
    }
    all.values().removeIf(one -> one.number() <= number);
  }

  boolean has(String what) {
    return all.containsKey(what);
  }
}
