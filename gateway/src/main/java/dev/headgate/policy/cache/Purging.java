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
  private volatile @Nullable PurgeNews shared;

  Purging(CacheStore store, Fills fills, InstantSource clock) {
    this.store = store;
    this.fills = fills;
    this.clock = clock;
  }

  /** Tells other nodes as well. */
  void shareWith(PurgeNews others) {
    shared = others;
  }

  /**
   * The answers to a URL are no longer what they were.
   *
   * @param authority in lower case
   */
  void changed(String authority, String path, @Nullable String query) {
    purge(Purge.url(authority, path, query, false));
  }

  /** How many answers of this process were meant; other nodes hear of it. */
  int purge(Purge what) {
    PurgeNews others = shared;
    if (others != null) {
      others.tell(what);
    }
    return here(what);
  }

  /** All answers of this process. */
  void everything() {
    here(Purge.everything());
  }

  /** How many answers of this process were meant; nobody else hears of it. */
  int here(Purge what) {
    Long staleSince = what.soft() ? clock.millis() : null;
    String path = what.path();
    if (path != null) {
      CacheKey.Place place = new CacheKey.Place(what.text().toLowerCase(Locale.ROOT), path);
      fills.doom(place, what.query());
      int count = 0;
      for (CacheKey key : store.at(place, what.query())) {
        count += store.purge(key, (same, one) -> true, staleSince);
      }
      return count;
    }
    fills.doomAll();
    return store.purge(meant(what), staleSince);
  }

  private static BiPredicate<CacheKey, Stored> meant(Purge what) {
    return switch (what.kind()) {
      case ROUTE -> (key, one) -> key.space().route().equals(what.text());
      case TAG -> (key, one) -> one.head().tags().contains(what.text());
      case ALL, URL -> (key, one) -> true;
    };
  }
}
