package dev.headgate.policy.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The answers of this process. Safe for all threads; nothing here waits. */
final class CacheStore {
  // A service that varies by more than that is not to be cached by it.
  private static final int MOST_VARIANTS = 64;

  private final Cache<CacheKey, Slot> slots;
  private final Map<CacheKey.Place, Set<CacheKey>> places = new ConcurrentHashMap<>();
  private final Room room;
  private final LongAdder evicted = new LongAdder();

  /** The answers to one URL, the last one first. */
  private record Slot(List<Stored> variants, int weight, int described) {
    static Slot of(List<Stored> variants) {
      int weight = 0;
      int contents = 0;
      for (Stored one : variants) {
        weight += one.weight();
        contents += one.content().capacity();
      }
      return new Slot(variants, weight, weight - contents);
    }
  }

  CacheStore(Room room) {
    this.room = room;
    // The rest is for what is being filled, and what is still being sent.
    this.slots =
        Caffeine.newBuilder()
            .maximumWeight(room.most() - room.most() / 8)
            .weigher((CacheKey key, Slot slot) -> slot.weight())
            .evictionListener(this::evicted)
            .build();
  }

  /** The last answer that was selected by what this request has; not held. */
  @Nullable Stored find(CacheKey key, HttpHeaders request) {
    Slot slot = slots.getIfPresent(key);
    if (slot == null) {
      return null;
    }
    List<Stored> variants = slot.variants();
    for (int i = 0; i < variants.size(); i++) {
      if (variants.get(i).head().vary().matches(request)) {
        return variants.get(i);
      }
    }
    return null;
  }

  /** The fields by which the last answer was selected; null where there is none. */
  @Nullable List<String> varyNames(CacheKey key) {
    Slot slot = slots.getIfPresent(key);
    return slot == null ? null : slot.variants().get(0).head().vary().names();
  }

  /**
   * Keeps an answer, in the place of all that this request would have got.
   *
   * @param stored its content is the store's from here on
   */
  void put(CacheKey key, HttpHeaders request, Stored stored) {
    slots
        .asMap()
        .compute(
            key,
            (same, slot) -> {
              List<Stored> variants = new ArrayList<>(2);
              variants.add(stored);
              for (Stored one : of(slot)) {
                if (variants.size() < MOST_VARIANTS && !one.head().vary().matches(request)) {
                  variants.add(one);
                } else {
                  one.letGo();
                }
              }
              return changed(key, slot, variants);
            });
  }

  /**
   * Puts a newer head in the place of an answer's own; where that is no longer there, it is put
   * there again.
   *
   * @param newer of the same content, which the caller holds
   */
  void update(CacheKey key, HttpHeaders request, Stored newer) {
    slots
        .asMap()
        .compute(
            key,
            (same, slot) -> {
              List<Stored> variants = new ArrayList<>(of(slot));
              for (int i = 0; i < variants.size(); i++) {
                if (variants.get(i).isSame(newer)) {
                  variants.remove(i);
                  variants.add(0, newer);
                  return changed(key, slot, variants);
                }
              }
              if (variants.stream().noneMatch(one -> one.head().vary().matches(request))) {
                newer.hold();
                variants.add(0, newer);
              }
              return changed(key, slot, variants);
            });
  }

  private static List<Stored> of(@Nullable Slot slot) {
    return slot == null ? List.of() : slot.variants();
  }

  private @Nullable Slot changed(CacheKey key, @Nullable Slot before, List<Stored> variants) {
    room.describe(before == null ? 0 : -before.described());
    if (variants.isEmpty()) {
      forget(key);
      return null;
    }
    Slot slot = Slot.of(List.copyOf(variants));
    room.describe(slot.described());
    if (before == null) {
      places.compute(
          key.place(),
          (place, keys) -> {
            Set<CacheKey> all = keys == null ? ConcurrentHashMap.newKeySet() : keys;
            all.add(key);
            return all;
          });
    }
    return slot;
  }

  private void forget(CacheKey key) {
    places.computeIfPresent(
        key.place(),
        (place, keys) -> {
          keys.remove(key);
          return keys.isEmpty() ? null : keys;
        });
  }

  private void evicted(@Nullable CacheKey key, @Nullable Slot slot, RemovalCause cause) {
    if (key != null && slot != null) {
      evicted.add(slot.variants().size());
      slot.variants().forEach(Stored::letGo);
      changed(key, slot, List.of());
    }
  }

  /** The keys under which answers to a URL are kept. */
  List<CacheKey> at(CacheKey.Place place, @Nullable String query) {
    Set<CacheKey> keys = places.get(place);
    return keys == null ? List.of() : keys.stream().filter(key -> key.isFor(query)).toList();
  }

  /** Drops the answers that are meant, or marks them stale; how many there were. */
  int purge(CacheKey key, BiPredicate<CacheKey, Stored> meant, @Nullable Long staleSince) {
    int[] count = new int[1];
    slots
        .asMap()
        .computeIfPresent(
            key,
            (same, slot) -> {
              List<Stored> rest = new ArrayList<>();
              for (Stored one : slot.variants()) {
                if (!meant.test(key, one)) {
                  rest.add(one);
                } else {
                  count[0]++;
                  if (staleSince == null) {
                    one.letGo();
                  } else {
                    rest.add(one.stale(staleSince));
                  }
                }
              }
              return count[0] == 0 ? slot : changed(key, slot, rest);
            });
    return count[0];
  }

  /** The same with all keys; it takes its time. */
  int purge(BiPredicate<CacheKey, Stored> meant, @Nullable Long staleSince) {
    int count = 0;
    for (CacheKey key : slots.asMap().keySet()) {
      count += purge(key, meant, staleSince);
    }
    return count;
  }

  /** URLs with at least one answer; estimated. */
  long entries() {
    return slots.estimatedSize();
  }

  long evictions() {
    return evicted.sum();
  }

  Room room() {
    return room;
  }

  /** Does now what is otherwise done later: for tests. */
  void settle() {
    slots.cleanUp();
  }
}
