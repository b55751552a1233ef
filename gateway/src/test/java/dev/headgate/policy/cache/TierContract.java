package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.NOW;
import static dev.headgate.policy.cache.Samples.fields;
import static dev.headgate.policy.cache.TierNode.eventually;
import static dev.headgate.policy.cache.TierNode.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.policy.cache.TierNode.Kept;
import dev.headgate.redis.RedisSettings;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What two nodes on one Redis have in common, whatever kind of Redis that is. */
@Tag("alone") // It measures time.
abstract class TierContract {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Of this case alone: all cases have one Redis. */
  final String route = "r" + UUID.randomUUID();

  private final String tag = "t" + UUID.randomUUID();
  final CacheKey key = key("/a");

  // Each case begins with them.
  @SuppressWarnings("NullAway.Init")
  TierNode one;

  @SuppressWarnings("NullAway.Init")
  TierNode other;

  abstract RedisSettings settings();

  /** Their clocks are an hour apart. */
  @BeforeEach
  void begin() {
    one = new TierNode(settings(), "one", NOW);
    other = new TierNode(settings(), "other", NOW + Duration.ofHours(1).toMillis());
    one.hearing(other);
    other.hearing(one);
  }

  @AfterEach
  void end() {
    one.close();
    other.close();
  }

  CacheKey key(String path) {
    Space space = new Space(route, "behind", QueryRule.AS_SENT);
    return new CacheKey(space, "http", route + ".test", path, null, "", "");
  }

  @Test
  void whatOneKeepsTheOtherFinds() {
    one.keep(key, Kept.of("abc", "etag: \"a\"", "x-a: 1", "x-a: \u00e9").trailed("x-sum: 42"));

    Stored found = other.await(key);

    assertThat(text(found)).isEqualTo("abc");
    assertThat(found.head().status()).isEqualTo(200);
    assertThat(found.head().headers().getAll("x-a")).containsExactly("1", "\u00e9");
    assertThat(found.trailers().get("x-sum")).isEqualTo("42");
    assertThat(other.here(key)).containsSame(found);
    assertThat(one.here(key)).isEmpty();
  }

  @Test
  void itsAgeGoesOnWhateverTheClocksShow() {
    one.keep(key, Kept.of("abc", "age: 7"));

    Stored.Use use = other.use(other.await(key));

    assertThat(use.age()).isBetween(7L, 17L);
    assertThat(use.ttl()).isBetween(43L, 53L);
  }

  @Test
  void itsSizeDoesNotMatter() {
    String large = "0123456789abcdef".repeat(1 << 16);
    one.keep(key("/empty"), Kept.of(""));
    one.keep(key("/large"), Kept.of(large));

    assertThat(text(other.await(key("/large")))).isEqualTo(large);
    assertThat(text(other.await(key("/empty")))).isEmpty();
  }

  @Test
  void aVariantIsForWhoSelectsIt() {
    HttpHeaders english = fields("accept-language: en");
    HttpHeaders german = fields("accept-language: de");
    one.keep(key, Kept.of("hello").selectedBy("accept-language", english));
    one.keep(key, Kept.of("hallo").selectedBy("accept-language", german));
    one.keep(key, Kept.of("?").selectedBy("accept-language", fields()));

    assertThat(text(other.await(key, german))).isEqualTo("hallo");
    assertThat(text(other.await(key, english))).isEqualTo("hello");
    assertThat(text(other.await(key))).isEqualTo("?");
    assertThat(other.find(key, fields("accept-language: fr"))).isEmpty();
  }

  @Test
  void whatIsKeptUnderAnythingElseIsNotFound() {
    one.keep(key, Kept.of("abc"));
    other.await(key);
    Space behind = new Space(route, "other", QueryRule.AS_SENT);
    Space space = key.space();
    String host = key.authority();

    assertThat(
            Stream.of(
                new CacheKey(behind, "http", host, "/a", null, "", ""),
                new CacheKey(space, "https", host, "/a", null, "", ""),
                new CacheKey(space, "http", "b." + host, "/a", null, "", ""),
                new CacheKey(space, "http", host, "/a/", null, "", ""),
                new CacheKey(space, "http", host, "/a", "", "", ""),
                new CacheKey(space, "http", host, "/a", null, "2", ""),
                new CacheKey(space, "http", host, "/a", null, "", "x")))
        .allSatisfy(wanted -> assertThat(other.find(wanted)).isEmpty());
  }

  private enum What {
    URL,
    ROUTE,
    TAG
  }

  private Purge purge(What what, boolean soft) {
    return switch (what) {
      case URL -> Purge.url(key.authority(), key.path(), null, soft);
      case ROUTE -> Purge.route(route, soft);
      case TAG -> Purge.tag(tag, soft);
    };
  }

  private void keepEverywhere() {
    one.keep(key, Kept.of("abc", "etag: \"a\"").tagged(tag, "blue"));
    one.await(key);
    other.await(key);
  }

  @ParameterizedTest
  @EnumSource(What.class)
  void aPurgeReachesTheOtherAndWhatRedisHolds(What what) {
    keepEverywhere();

    one.purge(purge(what, false));

    assertThat(one.here(key)).isEmpty();
    assertThat(one.find(key)).isEmpty();
    TierNode.within(SECOND, () -> other.here(key).isEmpty());
    assertThat(other.find(key)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(What.class)
  void aSoftPurgeMakesWhatTheOtherHasStale(What what) {
    keepEverywhere();

    one.purge(purge(what, true));

    assertThat(one.use(one.here(key).orElseThrow()).ttl()).isNotPositive();
    TierNode.within(SECOND, () -> other.use(other.here(key).orElseThrow()).ttl() <= 0);
  }

  @Test
  void aSoftPurgeOfAUrlMakesWhatRedisHoldsStale() {
    one.keep(key, Kept.of("abc", "etag: \"a\""));
    other.await(key);
    one.purge(purge(What.URL, true));
    TierNode.within(SECOND, () -> other.use(other.here(key).orElseThrow()).ttl() <= 0);
    other.cache.store().purge((same, stored) -> true, null);

    Stored found = other.await(key);

    assertThat(text(found)).isEqualTo("abc");
    assertThat(other.use(found).ttl()).isBetween(-10L, 0L);
  }

  @ParameterizedTest
  @EnumSource(
      value = What.class,
      names = {"ROUTE", "TAG"})
  void aSoftPurgeOfMoreMakesWhatRedisHoldsUseless(What what) {
    keepEverywhere();
    one.purge(purge(what, true));
    TierNode.within(SECOND, () -> other.use(other.here(key).orElseThrow()).ttl() <= 0);

    assertThat(other.find(key)).isEmpty();
    assertThat(one.find(key)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(What.class)
  void whatIsKeptAfterAPurgeIsFound(What what) {
    keepEverywhere();
    one.purge(purge(what, false));
    TierNode.within(SECOND, () -> other.here(key).isEmpty());

    eventually(
        () -> {
          one.keep(key, Kept.of("newer").tagged(tag));
          return one.find(key).isPresent();
        });

    assertThat(text(other.await(key))).isEqualTo("newer");
  }

  @Test
  void aPurgeOfSomethingElseLeavesItAlone() {
    keepEverywhere();
    CacheKey last = key("/last");
    one.keep(last, Kept.of("last").tagged("red"));
    other.await(last);

    for (Purge purge :
        List.of(
            Purge.url(key.authority(), "/b", null, false),
            Purge.route("other", false),
            Purge.tag("green", false),
            Purge.url(last.authority(), last.path(), null, false))) {
      one.purge(purge);
    }

    TierNode.within(SECOND, () -> other.here(last).isEmpty());
    assertThat(other.here(key)).isPresent();
    assertThat(other.find(key)).isPresent();
    assertThat(one.find(key)).isPresent();
  }
}
