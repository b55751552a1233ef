package dev.headgate.policy.cache;

import java.time.InstantSource;
import java.util.Locale;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Drops what is stored, here and wherever else it is shared. */
final class Purging {
  private final CacheStore store;
  private final Fills fills;
  private final InstantSource clock;

  Purging(CacheStore store, Fills fills, InstantSource clock) {
    this.store = store;
    this.fills = fills;
    this.clock = clock;
  }

  /**
   * The answers to a URL are no longer what they were.
   *
   * @param authority in lower case
   */
  void changed(String authority, String path, @Nullable String query) {
    purge(Purge.url(authority, path, query, false));
  }

  /** How many answers of this process were meant. */
  int purge(Purge what) {
    Long staleSince = what.soft() ? clock.millis() : null;
    if (what.path() != null) {
      CacheKey.Place place = new CacheKey.Place(what.text().toLowerCase(Locale.ROOT), what.path());
      fills.doom(place, what.query());
      int count = 0;
      for (CacheKey key : store.at(place, what.query())) {
        count += store.purge(key, (same, one) -> true, staleSince);
      }
      return count;
    }
    fills.doomAll();
    BiPredicate<CacheKey, Stored> meant =
        what.kind() == Purge.Kind.ROUTE
            ? (key, one) -> key.space().route().equals(what.text())
            : (key, one) -> one.head().tags().contains(what.text());
    return store.purge(meant, staleSince);
  }
}
