package dev.headgate.policy.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was purged here and is not yet known to be known to all: what other nodes have kept of it is
 * of no use. Safe for all threads.
 */
final class Pending {
  /** All of it, where there is too much to tell apart. */
  private static final String ALL = "all";

  private static final int MOST = 10_000;
  private static final long UNTOLD = Long.MAX_VALUE;

  private final Map<String, Long> told = new ConcurrentHashMap<>();

  /** Is purged, and nobody else knows. */
  void begin(String what) {
    told.put(told.size() < MOST ? what : ALL, UNTOLD);
  }

  /**
   * Others are told.
   *
   * @param number of what they were told
   */
  void told(String what, long number) {
    told.replace(what, number);
  }

  /** It is known where it is looked for. */
  void over(String what) {
    told.remove(what);
  }

  /** What was told up to this is held against what others have kept. */
  void heard(long number) {
    told.values().removeIf(one -> one <= number);
  }

  /** Nothing is untold any more. */
  void noneUntold() {
    told.remove(ALL);
  }

  boolean has(String what) {
    return !told.isEmpty() && (told.containsKey(what) || told.containsKey(ALL));
  }
}
