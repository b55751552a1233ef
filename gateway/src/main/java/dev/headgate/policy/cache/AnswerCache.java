package dev.headgate.policy.cache;

import dev.headgate.redis.Redis;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The answers that are kept for all routes; what operators see of it. Safe for all threads. */
public final class AnswerCache {
  private final CacheStore store;
  private final Fills fills = new Fills();
  private final Purging purging;
  private final InstantSource clock;
  private @Nullable SharedTier tier;

  /**
   * @param maxBytes of memory; 1 MiB or more
   * @param clock the wall clock
   */
  public AnswerCache(long maxBytes, InstantSource clock) {
    this.store = new CacheStore(new Room(maxBytes));
    this.clock = clock;
    this.purging = new Purging(store, fills, clock);
  }

  /**
   * Shares the answers with other nodes; to be called once, before anything is stored.
   *
   * @param workers for what takes its time
   * @param node tells this process from others; ASCII without spaces
   */
  public void shareThrough(Redis redis, Executor workers, String node) {
    PurgeNews news = new PurgeNews(redis, purging, workers, node);
    tier = new SharedTier(redis, news, store, clock, workers);
    purging.shareWith(news);
    news.start();
  }

  @Nullable SharedTier tier() {
    return tier;
  }

  /** Nothing is ever kept in it; for looking at a config without running it. */
  public static AnswerCache unasked() {
    return new AnswerCache(1, InstantSource.system());
  }

  CacheStore store() {
    return store;
  }

  Fills fills() {
    return fills;
  }

  Purging purging() {
    return purging;
  }

  InstantSource clock() {
    return clock;
  }

  /** How much there is. */
  public Map<String, Object> use() {
    Map<String, Object> use = new LinkedHashMap<>();
    use.put("entries", store.entries());
    use.put("bytes", store.room().used());
    use.put("maxBytes", store.room().most());
    return use;
  }

  /**
   * Drops the answers to a URL, in all versions and variants.
   *
   * @param url absolute, with the authority that clients send as {@code Host}
   * @param soft whether to mark them stale only
   * @return how many there were
   * @throws IllegalArgumentException where that is no such URL
   */
  public int purgeUrl(String url, boolean soft) {
    try {
      URI uri = new URI(url);
      String authority = uri.getRawAuthority();
      if (authority == null) {
        throw new IllegalArgumentException(url + " (expected: http://host/path)");
      }
      String path = Objects.requireNonNullElse(uri.getRawPath(), "");
      return purging.purge(
          Purge.url(
              authority.toLowerCase(Locale.ROOT),
              path.isEmpty() ? "/" : path,
              uri.getRawQuery(),
              soft));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(url + " (expected: http://host/path)", e);
    }
  }

  /** Drops the answers of a route; as with {@link #purgeUrl}. */
  public int purgeRoute(String id, boolean soft) {
    return purging.purge(Purge.route(id, soft));
  }

  /** Drops the answers with a tag; as with {@link #purgeUrl}. */
  public int purgeTag(String tag, boolean soft) {
    return purging.purge(Purge.tag(tag, soft));
  }
}
