package dev.headgate.contract.idempotency;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What happened to each key, at the service and at its clients; and the judge of it. */
final class EffectLedger {
  private final AtomicInteger effects = new AtomicInteger();
  private final Map<String, List<Integer>> had = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> told = new ConcurrentHashMap<>();
  private final Map<String, String> ends = new ConcurrentHashMap<>();
  private final Set<String> keys = new ConcurrentSkipListSet<>();
  private final Map<String, AtomicInteger> heard = new ConcurrentSkipListMap<>();
  private final Queue<String> odd = new ConcurrentLinkedQueue<>();

  /** A client is about to use this key. */
  void used(String key) {
    keys.add(key);
  }

  Set<String> keys() {
    return keys;
  }

  /** The service has done what was asked; returns the number of the effect. */
  int effect(String key) {
    int number = effects.incrementAndGet();
    had.computeIfAbsent(key, k -> new CopyOnWriteArrayList<>()).add(number);
    return number;
  }

  /**
   * A client has this answer of the service, and needs no other.
   *
   * @param text as {@link #text} gives it
   */
  void answered(String key, String text) {
    told.computeIfAbsent(key, k -> new ConcurrentSkipListSet<>()).add(text);
  }

  /** A client was answered with this status or code, or was not answered. */
  void heard(String what) {
    heard.computeIfAbsent(what, k -> new AtomicInteger()).incrementAndGet();
  }

  /** What the service says of an effect, and clients read. */
  static String text(int effect) {
    return "effect " + effect;
  }

  /** When all was quiet again, a request with the key got an answer that is final. */
  void ended(String key, String how) {
    ends.put(key, how);
  }

  /** Something that may not happen whatever fails. */
  void odd(String what) {
    odd.add(what);
  }

  /** Every promise that was broken; empty where all were kept. */
  List<String> faults() {
    List<String> faults = new ArrayList<>(odd);
    had.forEach(
        (key, numbers) -> {
          if (numbers.size() > 1) {
            faults.add(key + " had " + numbers.size() + " effects: " + numbers);
          }
        });
    told.forEach(
        (key, texts) -> {
          if (texts.size() > 1) {
            faults.add(key + " had " + texts.size() + " answers: " + texts);
          }
          Set<String> unheard = new TreeSet<>(texts);
          had.getOrDefault(key, List.of()).forEach(number -> unheard.remove(text(number)));
          if (!unheard.isEmpty()) {
            faults.add(key + " was answered with what the service never did: " + unheard);
          }
        });
    for (String key : keys) {
      if (!ends.containsKey(key)) {
        faults.add(key + " is stuck");
      }
    }
    return faults;
  }

  /** How much there was to judge. */
  String summary() {
    Map<String, Integer> kinds = new TreeMap<>();
    ends.values().forEach(how -> kinds.merge(how, 1, Integer::sum));
    return "%d keys, %d effects, %d keys answered; clients heard %s; in the end %s"
        .formatted(keys.size(), effects.get(), told.size(), heard, kinds);
  }
}
