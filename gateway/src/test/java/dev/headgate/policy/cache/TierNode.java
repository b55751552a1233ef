package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.fields;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.redis.Redis;
import dev.headgate.redis.RedisSettings;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One gateway of several, as far as it shares answers; with a wall clock of its own. */
final class TierNode implements AutoCloseable {
  static final HttpHeaders PLAIN = fields();

  private static final Duration LIMIT = Duration.ofSeconds(20);

  final Redis redis;
  final AnswerCache cache;
  private final long now;

  TierNode(String uri, String name) {
    this(new RedisSettings(uri, Duration.ofSeconds(2), 0, () -> null), name, Samples.NOW);
  }

  /**
   * @param now what its clock shows, in milliseconds
   */
  TierNode(RedisSettings settings, String name, long now) {
    this.now = now;
    redis = new Redis(settings, null, InstantSource.system(), System::nanoTime, () -> 0.5);
    cache = new AnswerCache(64 << 20, () -> Instant.ofEpochMilli(now));
    redis.start();
    eventually(() -> redis.status().up());
    cache.shareThrough(redis, Runnable::run, name);
  }

  static void eventually(Callable<Boolean> condition) {
    within(LIMIT, condition);
  }

  static void within(Duration limit, Callable<Boolean> condition) {
    Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(10)).until(condition);
  }

  private SharedTier tier() {
    return Objects.requireNonNull(cache.tier());
  }

  /** Keeps an answer for others, and not here. */
  void keep(CacheKey key, Kept kept) {
    keep(key, kept, Duration.ZERO);
  }

  /**
   * @param asked how long ago the service was asked for it
   */
  void keep(CacheKey key, Kept kept, Duration asked) {
    ByteBuf content = Samples.bytes(kept.text());
    Head head = Head.of(200, kept.headers(), kept.vary(), kept.freshness(), now, now, kept.tags());
    Stored stored = Stored.of(head, content, kept.trailers());
    tier().keep(key, stored, now - asked.toMillis());
    stored.letGo();
    assertThat(content.refCnt()).isZero();
  }

  /** What is found elsewhere, and stored here from then on. */
  Optional<Stored> find(CacheKey key, HttpHeaders request) {
    CompletableFuture<Optional<Stored>> found = new CompletableFuture<>();
    tier().find(key, request, there -> found.complete(Optional.ofNullable(there)));
    try {
      Optional<Stored> there = found.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      there.ifPresent(Stored::letGo);
      return there;
    } catch (Exception none) {
      throw new AssertionError("nothing was said", none);
    }
  }

  Optional<Stored> find(CacheKey key) {
    return find(key, PLAIN);
  }

  /** What was kept elsewhere, once it is there. */
  Stored await(CacheKey key, HttpHeaders request) {
    eventually(() -> find(key, request).isPresent());
    return here(key, request).orElseThrow();
  }

  Stored await(CacheKey key) {
    return await(key, PLAIN);
  }

  /** What is stored here. */
  Optional<Stored> here(CacheKey key, HttpHeaders request) {
    return Optional.ofNullable(cache.store().find(key, request));
  }

  Optional<Stored> here(CacheKey key) {
    return here(key, PLAIN);
  }

  /** Keeps an answer here alone. */
  private void keepHere(CacheKey key, String text) {
    Head head = Samples.head(200, Samples.fresh(60));
    cache.store().put(key, PLAIN, Samples.stored(head, text));
  }

  /** Waits until what the other purges is heard here: a node's first asking tells it nothing. */
  TierNode hearing(TierNode teller) {
    CacheKey marker = Samples.key("/" + UUID.randomUUID());
    keepHere(marker, "");
    eventually(
        () -> {
          teller.purge(Purge.url(marker.authority(), marker.path(), null, false));
          return here(marker).isEmpty();
        });
    return this;
  }

  void purge(Purge what) {
    cache.purging().purge(what);
  }

  /** In seconds, by its own clock. */
  Stored.Use use(Stored stored) {
    return stored.useAt(now);
  }

  static String text(Stored stored) {
    return stored.content().toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    redis.close();
    cache.store().purge((key, one) -> true, null);
    cache.store().settle();
    assertThat(cache.store().room().used()).isZero();
  }

  /** An answer, in part as it is usual. */
  record Kept(
      String text,
      HttpHeaders headers,
      Vary vary,
      Freshness freshness,
      HttpHeaders trailers,
      Set<String> tags) {
    static Kept of(String text, String... headers) {
      return new Kept(text, fields(headers), Vary.NOTHING, Samples.fresh(60), fields(), Set.of());
    }

    Kept selectedBy(String name, HttpHeaders request) {
      return new Kept(text, headers, Vary.of(List.of(name), request), freshness, trailers, tags);
    }

    Kept lasting(Freshness other) {
      return new Kept(text, headers, vary, other, trailers, tags);
    }

    Kept trailed(String... lines) {
      return new Kept(text, headers, vary, freshness, fields(lines), tags);
    }

    Kept tagged(String... names) {
      return new Kept(text, headers, vary, freshness, trailers, Set.of(names));
    }
  }
}
