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
  private record Slot(List<Stored> variants, int weight, long described) {
    static Slot of(List<Stored> variants) {
      // Many large variants are more than an int can say.
      long weight = 0;
      long described = 0;
      for (Stored one : variants) {
        weight += one.weight();
        described += one.described();
      }
      return new Slot(variants, (int) Math.min(Integer.MAX_VALUE, weight), described);
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

  /** The last whole answer that was selected by what this request has; not held. */
  @Nullable Stored find(CacheKey key, HttpHeaders request) {
    return find(key, request, true);
  }

  /** The same of those of which only a part is here. */
  @Nullable Stored findPart(CacheKey key, HttpHeaders request) {
    return find(key, request, false);
  }

  private @Nullable Stored find(CacheKey key, HttpHeaders request, boolean whole) {
    Slot slot = slots.getIfPresent(key);
    if (slot == null) {
      return null;
    }
    List<Stored> variants = slot.variants();
    for (int i = 0; i < variants.size(); i++) {
      Stored one = variants.get(i);
      if (one.isWhole() == whole && one.head().vary().matches(request)) {
        return one;
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
   * Keeps an answer, in the place of all that this request would have got; a part in the place of
   * parts.
   *
   * @param stored its content is the store's from here on
   * @return false where there is no room for what describes it
   */
  boolean put(CacheKey key, HttpHeaders request, Stored stored) {
    long reserved = stored.described();
    boolean fits = room.reserve(reserved);
    slots
        .asMap()
        .compute(
            key,
            (same, slot) -> {
              List<Stored> variants = new ArrayList<>(2);
              if (fits) {
                variants.add(stored);
              } else {
                stored.letGo();
              }
              for (Stored one : of(slot)) {
                boolean replaced =
                    one.head().vary().matches(request) && (stored.isWhole() || !one.isWhole());
                if (variants.size() < MOST_VARIANTS && !replaced) {
                  variants.add(one);
                } else {
                  one.letGo();
                }
              }
              return changed(key, slot, variants, fits ? reserved : 0);
            });
    return fits;
  }

  /**
   * Puts a newer head in the place of an answer's own; where that is no longer there, it is put
   * there again. Without room for it nothing changes.
   *
   * @param newer of the same content, which the caller holds
   */
  void update(CacheKey key, HttpHeaders request, Stored newer) {
    long reserved = newer.described();
    if (!room.reserve(reserved)) {
      return;
    }
    slots
        .asMap()
        .compute(
            key,
            (same, slot) -> {
              List<Stored> variants = replaced(slot, newer);
              boolean there = !variants.isEmpty() && variants.get(0).isSame(newer);
              if (!there
                  && variants.stream().noneMatch(one -> one.head().vary().matches(request))) {
                newer.hold();
                variants.add(0, newer);
              }
              return changed(key, slot, variants, reserved);
            });
  }

  /** Puts a newer head in the place of an answer's own, if that is still there. */
  void renew(CacheKey key, Stored newer) {
    long reserved = newer.described();
    if (!room.reserve(reserved)) {
      return;
    }
    slots.asMap().compute(key, (same, slot) -> changed(key, slot, replaced(slot, newer), reserved));
  }

  /** The variants, of which one has a newer head and is the last one now. */
  private static List<Stored> replaced(@Nullable Slot slot, Stored newer) {
    List<Stored> variants = new ArrayList<>(of(slot));
    if (variants.removeIf(newer::isSame)) {
      variants.add(0, newer);
    }
    return variants;
  }

  private static List<Stored> of(@Nullable Slot slot) {
    return slot == null ? List.of() : slot.variants();
  }

  /**
   * @param reserved of what describes them now
   */
  private @Nullable Slot changed(
      CacheKey key, @Nullable Slot before, List<Stored> variants, long reserved) {
    long released = reserved + (before == null ? 0 : before.described());
    if (variants.isEmpty()) {
      room.describe(-released);
      forget(key);
      return null;
    }
    Slot slot = Slot.of(List.copyOf(variants));
    room.describe(slot.described() - released);
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
      changed(key, slot, List.of(), 0);
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
              return count[0] == 0 ? slot : changed(key, slot, rest, 0);
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
