package dev.headgate.policy.cache;

import dev.headgate.redis.Redis;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that nodes share through Redis. What one has fetched the others find; what one says has
 * changed the others hear of within {@link PurgeNews#POLL}. While Redis cannot be asked there is
 * nothing in it, and each node goes on with what it has.
 */
final class SharedTier {
  private static final Logger LOG = LoggerFactory.getLogger("dev.headgate.cache");
  private static final int DIGITS = 14;

  /** What stands before an answer: now, since when it is stale, when it was kept and asked for. */
  private static final int HEAD = 4 * DIGITS;

  /** A miss waits for that at most before the service is asked. */
  private static final Duration FIND_LIMIT = Duration.ofMillis(150);

  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final long LONGEST = Duration.ofDays(30).toMillis();
  private static final long VALIDATABLE = Duration.ofHours(1).toMillis();
  private static final int MOST_KEEPING = 64;

  private final Redis redis;
  private final PurgeNews news;
  private final CacheStore store;
  private final InstantSource clock;
  private final Executor workers;
  private final AtomicInteger keeping = new AtomicInteger();

  /**
   * @param workers for what takes its time
   */
  SharedTier(Redis redis, PurgeNews news, CacheStore store, InstantSource clock, Executor workers) {
    this.redis = redis;
    this.news = news;
    this.store = store;
    this.clock = clock;
    this.workers = workers;
  }

  /** Whether it is known what of it is of no use; nothing is found before that. */
  boolean isOpen() {
    return news.isKnown();
  }

  /**
   * Looks for an answer, and stores it here where there is one.
   *
   * @param then told, by any thread, what is stored now, held for it; null where nothing was found
   */
  void find(CacheKey key, HttpHeaders request, Consumer<@Nullable Stored> then) {
    if (!isOpen()) {
      then.accept(null);
      return;
    }
    read(key, null)
        .thenCompose(
            there -> {
              // Answers that were selected by the request stand under a name of their own.
              List<String> names = there == null ? null : varyNames(there);
              return names == null
                  ? CompletableFuture.completedFuture(there)
                  : read(key, Vary.of(names, request));
            })
        .thenApplyAsync(there -> there == null ? null : keepHere(key, request, there), workers)
        .whenComplete((stored, error) -> then.accept(stored));
  }

  private CompletableFuture<byte @Nullable []> read(CacheKey key, @Nullable Vary vary) {
    return redis
        .call(SharedScripts.FIND, SharedKeys.of(key, vary), new byte[0][], FIND_LIMIT, false)
        .handle((there, error) -> error != null || there.length <= HEAD ? null : there);
  }

  private static final String NAMES = "V";

  private static @Nullable List<String> varyNames(byte[] there) {
    int at = HEAD;
    return there[at] == NAMES.charAt(0)
        ? List.of(
            new String(there, at + 1, there.length - at - 1, StandardCharsets.ISO_8859_1)
                .split(",", -1))
        : null;
  }

  private @Nullable Stored keepHere(CacheKey key, HttpHeaders request, byte[] there) {
    long now = number(there, 0);
    long staleSince = number(there, DIGITS);
    long keptAt = number(there, 2 * DIGITS);
    long askedAt = number(there, 3 * DIGITS);
    StoredBytes.Read read = StoredBytes.read(there, HEAD);
    if (read == null || !read.vary().matches(request) || news.isPurged(key, read.tags(), askedAt)) {
      return null;
    }
    int length = there.length - read.contentAt();
    ByteBuf content = length == 0 ? Unpooled.EMPTY_BUFFER : store.room().take(length);
    if (content == null) {
      return null;
    }
    content.writeBytes(there, read.contentAt(), length);
    long millis = clock.millis();
    Head head =
        new Head(
            read.status(),
            read.headers(),
            read.vary(),
            read.freshness(),
            read.age() + Math.max(0, now - keptAt),
            millis,
            read.tags());
    Stored stored = Stored.of(head, content, read.trailers());
    Stored told = staleSince == 0 ? stored : stored.stale(millis - Math.max(0, now - staleSince));
    told.hold();
    boolean kept = store.put(key, request, told);
    // Heard meanwhile, between the question and the keeping.
    boolean late = kept && news.isPurged(key, read.tags(), askedAt);
    if (late) {
      store.purge(key, (same, one) -> one.isSame(told), null);
    }
    if (kept && !late) {
      return told;
    }
    told.letGo();
    return null;
  }

  private static long number(byte[] digits, int from) {
    return Long.parseLong(new String(digits, from, DIGITS, StandardCharsets.US_ASCII));
  }

  /**
   * Keeps an answer for the others.
   *
   * @param stored held by the caller, and here for as long as it takes
   * @param askedMillis when the service was asked for it
   */
  void keep(CacheKey key, Stored stored, long askedMillis) {
    if (keeping.incrementAndGet() > MOST_KEEPING || !stored.hold()) {
      keeping.decrementAndGet();
      return;
    }
    workers.execute(
        () -> {
          CompletableFuture<byte[]> kept;
          try {
            kept = keepNow(key, stored, askedMillis);
          } catch (RuntimeException defect) {
            LOG.error("an answer could not be written down for other nodes", defect);
            kept = CompletableFuture.failedFuture(defect);
          } finally {
            stored.letGo();
          }
          kept.whenComplete((done, error) -> keeping.decrementAndGet());
        });
  }

  private CompletableFuture<byte[]> keepNow(CacheKey key, Stored stored, long askedMillis) {
    long now = clock.millis();
    Vary vary = stored.head().vary();
    byte[] kept = SharedKeys.bytes(Long.toString(keptFor(stored, now)));
    byte[] askedAgo = SharedKeys.bytes(Long.toString(Math.max(0, now - askedMillis)));
    byte[][] place = SharedKeys.of(key, vary.names().isEmpty() ? null : vary);
    if (!vary.names().isEmpty()) {
      byte[] names = (NAMES + String.join(",", vary.names())).getBytes(StandardCharsets.ISO_8859_1);
      keep(SharedKeys.of(key, null), names, kept, askedAgo);
    }
    return keep(place, StoredBytes.of(stored, now), kept, askedAgo);
  }

  private CompletableFuture<byte[]> keep(byte[][] keys, byte[]... args) {
    return redis.callPatiently(SharedScripts.KEEP, keys, args, LIMIT);
  }

  private static long keptFor(Stored stored, long now) {
    Freshness freshness = stored.head().freshness();
    long windows =
        freshness.neverStale()
            ? 0
            : Math.max(freshness.whileRevalidating(), freshness.onError()) * 1000;
    long after = Math.max(windows, Conditions.canValidate(stored.head()) ? VALIDATABLE : 0);
    long left = Math.max(0, stored.useAt(now).ttl()) * 1000;
    return Math.max(1, Math.min(LONGEST, left + after));
  }
}
