package dev.headgate.policy.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The calls that are under way, and what is not worth waiting for. Safe for all threads. */
final class Fills {
  /**
   * How long requests are not made to wait for each other after an answer that was for one alone.
   */
  private static final Duration UNSHARED = Duration.ofSeconds(10);

  private static final int MOST_UNSHARED = 10_000;

  private final Map<Wanted, Fill> running = new ConcurrentHashMap<>();
  private final Set<Running> alone = ConcurrentHashMap.newKeySet();
  private final Cache<CacheKey, Boolean> unshared =
      Caffeine.newBuilder().maximumSize(MOST_UNSHARED).expireAfterWrite(UNSHARED).build();

  /** Something that may be stored when it is over. */
  interface Running {
    CacheKey key();

    /** What it is asked for has changed meanwhile: its answer is not to be kept. */
    void doom();
  }

  /**
   * What several requests want alike.
   *
   * @param vary what they have of the fields that selected the last answer, as far as is known
   */
  record Wanted(CacheKey key, Vary vary) {}

  /** The one that is under way, or else a new one. */
  Fill running(Wanted wanted, Function<Wanted, Fill> otherwise) {
    return running.computeIfAbsent(wanted, otherwise);
  }

  boolean isRunning(Wanted wanted) {
    return running.containsKey(wanted);
  }

  void over(Wanted wanted, Fill fill) {
    running.remove(wanted, fill);
  }

  /** One that nobody can wait for but whoever it is made for. */
  void began(Running one) {
    alone.add(one);
  }

  void over(Running one) {
    alone.remove(one);
  }

  boolean isShared(CacheKey key) {
    return unshared.getIfPresent(key) == null;
  }

  void shared(CacheKey key, boolean shared) {
    if (shared) {
      unshared.invalidate(key);
    } else {
      unshared.put(key, Boolean.TRUE);
    }
  }

  /** A URL's content has changed: what is under way may be from before. */
  void doom(CacheKey.Place place, @Nullable String query) {
    doom(fill -> fill.key().place().equals(place) && fill.key().isFor(query));
  }

  void doomAll() {
    doom(fill -> true);
  }

  private void doom(Predicate<Running> meant) {
    running.values().stream().filter(meant).forEach(Running::doom);
    alone.stream().filter(meant).forEach(Running::doom);
  }
}
