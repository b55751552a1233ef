package dev.headgate.policy.cache;

import dev.headgate.redis.Redis;
import dev.headgate.redis.RedisScript;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that nodes share through Redis. What one has fetched the others find; what one says has
 * changed the others hear of within {@link #POLL}. While Redis cannot be asked there is nothing in
 * it, and each node goes on with what it has.
 */
final class SharedTier {
  /** How often a node asks for news. */
  static final Duration POLL = Duration.ofMillis(100);

  private static final Logger LOG = LoggerFactory.getLogger("dev.headgate.cache");
  private static final String PREFIX = "headgate:cache:";
  private static final byte[][] NEWS_KEYS = {
    bytes("{headgate:cache}:told"), bytes("{headgate:cache}:seq"), bytes("{headgate:cache}:purged")
  };
  private static final int DIGITS = 14;

  /** A miss waits for that at most before the service is asked. */
  private static final Duration FIND_LIMIT = Duration.ofMillis(150);

  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final long LONGEST = Duration.ofDays(30).toMillis();
  private static final long VALIDATABLE = Duration.ofHours(1).toMillis();
  private static final int MOST_KEEPING = 64;

  private final Redis redis;
  private final Purging purging;
  private final CacheStore store;
  private final InstantSource clock;
  private final Executor workers;
  private final String node;
  private final AtomicInteger keeping = new AtomicInteger();
  private final Untold untold = new Untold();
  private final Pending pending = new Pending();
  private volatile Map<String, Long> purged = Map.of();
  private long last = -1;

  /**
   * @param workers for what takes its time
   * @param node tells this process from others; ASCII without spaces
   */
  SharedTier(
      Redis redis,
      CacheStore store,
      Purging purging,
      InstantSource clock,
      Executor workers,
      String node) {
    this.redis = redis;
    this.store = store;
    this.purging = purging;
    this.clock = clock;
    this.workers = workers;
    this.node = node;
  }

  void start() {
    redis.later(POLL, this::ask);
  }

  // ---- answers

  /**
   * Looks for an answer, and stores it here where there is one.
   *
   * @param then told, by any thread, what is stored now, held for it; null where nothing was found
   */
  void find(CacheKey key, HttpHeaders request, Consumer<@Nullable Stored> then) {
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
        .call(SharedScripts.FIND, keys(key, vary), new byte[0][], FIND_LIMIT, false)
        .handle((there, error) -> error != null || there.length <= 3 * DIGITS ? null : there);
  }

  private static final String NAMES = "V";

  private static @Nullable List<String> varyNames(byte[] there) {
    int at = 3 * DIGITS;
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
    StoredBytes.Read read = StoredBytes.read(there, 3 * DIGITS);
    if (read == null || !read.vary().matches(request) || isPurged(key, read, keptAt)) {
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
    if (store.put(key, request, told)) {
      return told;
    }
    told.letGo();
    return null;
  }

  private static long number(byte[] digits, int from) {
    return Long.parseLong(new String(digits, from, DIGITS, StandardCharsets.US_ASCII));
  }

  private boolean isPurged(CacheKey key, StoredBytes.Read read, long keptAt) {
    String route = key.space().route();
    return pending.has(place(key.authority(), key.path()))
        || isPurged(Purge.everything(), keptAt)
        || isPurged(Purge.route(route, false), keptAt)
        || isPurged(Purge.route(route, true), keptAt)
        || read.tags().stream()
            .anyMatch(
                tag ->
                    isPurged(Purge.tag(tag, false), keptAt)
                        || isPurged(Purge.tag(tag, true), keptAt));
  }

  private boolean isPurged(Purge what, long keptAt) {
    String held = Told.held(what);
    Long at = purged.get(held);
    return pending.has(held) || (at != null && at >= keptAt);
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
    byte[] kept = bytes(Long.toString(keptFor(stored, now)));
    byte[] askedAgo = bytes(Long.toString(Math.max(0, now - askedMillis)));
    byte[][] answer = {StoredBytes.of(stored, now), kept, askedAgo};
    if (!vary.names().isEmpty()) {
      byte[] names = (NAMES + String.join(",", vary.names())).getBytes(StandardCharsets.ISO_8859_1);
      call(SharedScripts.KEEP, keys(key, null), new byte[][] {names, kept, askedAgo});
    }
    return call(SharedScripts.KEEP, keys(key, vary.names().isEmpty() ? null : vary), answer);
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

  // ---- what has changed

  /** Tells the others; as soon as Redis can be asked. */
  void tell(Purge what) {
    String path = what.path();
    if (path != null) {
      String place = place(what.text(), path);
      pending.begin(place);
      call(
              SharedScripts.CHANGED,
              new byte[][] {changedKey(place)},
              new byte[][] {bytes(what.soft() ? "1" : "0"), bytes(Long.toString(LONGEST))})
          .whenComplete(
              (done, error) -> {
                if (error == null) {
                  pending.over(place);
                } else {
                  untold.add(what);
                }
              });
    } else {
      pending.begin(Told.held(what));
    }
    send(what);
  }

  private void send(Purge what) {
    boolean isUrl = what.kind() == Purge.Kind.URL;
    byte[] told = bytes(node + " " + Told.text(what));
    byte[] held = bytes(isUrl ? "" : Told.held(what));
    call(SharedScripts.TELL, NEWS_KEYS, new byte[][] {told, held})
        .whenComplete(
            (number, error) -> {
              if (error != null) {
                untold.add(what);
              } else if (!isUrl) {
                pending.told(
                    Told.held(what), Long.parseLong(new String(number, StandardCharsets.US_ASCII)));
              }
            });
  }

  private void ask() {
    redis
        .call(
            SharedScripts.NEWS, NEWS_KEYS, new byte[][] {bytes(Long.toString(last))}, LIMIT, false)
        .whenCompleteAsync(
            (news, error) -> {
              try {
                if (error == null) {
                  hear(new String(news, StandardCharsets.ISO_8859_1).split("\n", -1));
                  tellAgain();
                }
              } catch (RuntimeException garbage) {
                LOG.warn("what Redis says of purged answers cannot be read", garbage);
              } finally {
                redis.later(POLL, this::ask);
              }
            },
            workers);
  }

  private void tellAgain() {
    List<Purge> again = untold.takeAll();
    if (again.isEmpty()) {
      pending.noneUntold();
    } else {
      again.forEach(this::tell);
    }
  }

  private void hear(String[] news) {
    // First of all: what is dropped here must not be found there again.
    purged = heldAgainst(news);
    String[] first = news[0].split(" ", -1);
    if (first[1].equals("1")) {
      LOG.warn("more was purged elsewhere than is known of here: all stored answers are dropped");
      purging.everything();
    }
    int at = 1;
    for (; !news[at].equals("--"); at++) {
      int space = news[at].indexOf(' ');
      if (!news[at].substring(0, space).equals(node)) {
        purging.here(Told.parse(news[at].substring(space + 1)));
      }
    }
    last = Long.parseLong(first[0]);
    pending.heard(last);
  }

  private Map<String, Long> heldAgainst(String[] news) {
    int at = List.of(news).indexOf("--") + 1;
    if (at == news.length) {
      return purged;
    }
    Map<String, Long> held = new HashMap<>();
    for (int i = at; i < news.length; i++) {
      held.put(news[i].substring(DIGITS + 1), Long.parseLong(news[i].substring(0, DIGITS)));
    }
    return held;
  }

  private CompletableFuture<byte[]> call(RedisScript script, byte[][] keys, byte[][] args) {
    return redis.callPatiently(script, keys, args, LIMIT);
  }

  // ---- names

  private static byte[][] keys(CacheKey key, @Nullable Vary vary) {
    String place = place(key.authority(), key.path());
    String name =
        digest(
            key.space().route()
                + "\n"
                + key.space().behind()
                + "\n"
                + key.scheme()
                + "\n"
                + key.query()
                + "\n"
                + key.version()
                + "\n"
                + key.caller()
                + (vary == null ? "" : "\n" + vary));
    return new byte[][] {bytes(PREFIX + "{" + place + "}:" + name), changedKey(place)};
  }

  private static byte[] changedKey(String place) {
    return bytes(PREFIX + "{" + place + "}:changed");
  }

  private static String place(String authority, String path) {
    return digest(authority + "\n" + path);
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
