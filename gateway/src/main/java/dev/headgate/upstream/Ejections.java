package dev.headgate.upstream;

import dev.headgate.config.EjectionConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which of an upstream's endpoints are ejected, until when, and how often they have been. A value:
 * whoever changes it puts a new one in its place, so that the limits hold whichever event loops
 * decide at once.
 *
 * @param <K> what tells endpoints apart
 */
final class Ejections<K> {
  private final Map<K, Spell> spells;

  /**
   * The last time an endpoint was ejected.
   *
   * @param untilNanos when it is to return, or has
   * @param times how often it had been ejected by then, what was forgotten not counted
   */
  private record Spell(long untilNanos, int times, boolean over) {}

  private Ejections(Map<K, Spell> spells) {
    this.spells = spells;
  }

  static <K> Ejections<K> none() {
    return new Ejections<>(Map.of());
  }

  boolean ejected(K endpoint) {
    Spell spell = spells.get(endpoint);
    return spell != null && !spell.over;
  }

  /** When an endpoint returned that was ejected and is not any more. */
  OptionalLong returnedNanos(K endpoint) {
    Spell spell = spells.get(endpoint);
    return spell != null && spell.over ? OptionalLong.of(spell.untilNanos) : OptionalLong.empty();
  }

  /** The time until the next return, none negative; nothing where none is ejected. */
  OptionalLong nanosToReturn(long now) {
    return spells.values().stream()
        .filter(spell -> !spell.over)
        .mapToLong(spell -> Math.max(0, spell.untilNanos - now))
        .min();
  }

  /**
   * An endpoint has failed often enough to be ejected.
   *
   * @param all the upstream's endpoints
   * @param usable which of them could take its requests, ejections left aside
   * @return these same ejections where it may not be
   */
  Ejections<K> eject(
      K endpoint, Collection<K> all, Predicate<K> usable, EjectionConfig config, long now) {
    boolean othersLeft =
        all.stream().anyMatch(k -> !k.equals(endpoint) && !ejected(k) && usable.test(k));
    if (!all.contains(endpoint)
        || ejected(endpoint)
        || !othersLeft
        || count(all) >= most(all.size(), config)) {
      return this;
    }
    int times = timesBefore(endpoint, config, now) + 1;
    long nanos = Math.min(config.max().toNanos(), saturated(config.base().toNanos(), times));
    Map<K, Spell> changed = new HashMap<>(spells);
    changed.put(endpoint, new Spell(now + nanos, times, false));
    return new Ejections<>(Map.copyOf(changed));
  }

  /**
   * Lets return whose time is over, and whoever is beyond what may be ejected, since there are
   * fewer endpoints now or the limit is another; forgets endpoints that have gone.
   *
   * @param config null where nothing is ejected any more
   * @return these same ejections where nothing changes
   */
  Ejections<K> settled(Collection<K> all, @Nullable EjectionConfig config, long now) {
    if (spells.isEmpty()) {
      return this;
    }
    Set<K> known = new HashSet<>(all);
    Map<K, Spell> changed = new HashMap<>();
    spells.forEach(
        (endpoint, spell) -> {
          if (known.contains(endpoint)) {
            changed.put(endpoint, settled(spell, now));
          }
        });
    int most = config == null ? 0 : most(known.size(), config);
    List<Map.Entry<K, Spell>> ejected = new ArrayList<>();
    changed.entrySet().stream().filter(e -> !e.getValue().over).forEach(ejected::add);
    ejected.sort((a, b) -> Long.signum(a.getValue().untilNanos - b.getValue().untilNanos));
    for (int i = 0; i < ejected.size() - most; i++) {
      Map.Entry<K, Spell> soonest = ejected.get(i);
      changed.put(soonest.getKey(), new Spell(now, soonest.getValue().times, true));
    }
    return changed.equals(spells) ? this : new Ejections<>(Map.copyOf(changed));
  }

  /** Those ejected before that are not so any more, though they are still there. */
  List<K> returnedSince(Ejections<K> before) {
    return spells.keySet().stream().filter(k -> before.ejected(k) && !ejected(k)).toList();
  }

  private static Spell settled(Spell spell, long now) {
    return !spell.over && now - spell.untilNanos >= 0
        ? new Spell(spell.untilNanos, spell.times, true)
        : spell;
  }

  private int count(Collection<K> all) {
    return (int) all.stream().filter(this::ejected).count();
  }

  /** How many of so many may be ejected at once: one of two at least, never the last. */
  static int most(int endpoints, EjectionConfig config) {
    int share = (int) (endpoints * config.maxEjected() / 100);
    return endpoints < 2 ? 0 : Math.min(endpoints - 1, Math.max(1, share));
  }

  // Each base without an ejection makes one of them forgotten.
  private int timesBefore(K endpoint, EjectionConfig config, long now) {
    Spell last = spells.get(endpoint);
    if (last == null) {
      return 0;
    }
    long forgotten = Math.max(0, now - last.untilNanos) / config.base().toNanos();
    return (int) Math.max(0, last.times - forgotten);
  }

  private static long saturated(long base, int times) {
    return times > Long.MAX_VALUE / base ? Long.MAX_VALUE : base * times;
  }
}
