package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.TierNode.eventually;
import static dev.headgate.policy.cache.TierNode.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.policy.cache.TierNode.Kept;
import dev.headgate.redis.RedisSettings;
import dev.headgate.testing.RedisProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharedTierIT extends TierContract {
  private static final long SECOND = 1_000;
  private static final String NEVER = "0".repeat(14);

  @SuppressWarnings("NullAway.Init")
  private static RedisProcess server;

  @BeforeAll
  static void start() throws IOException {
    server = RedisProcess.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  RedisSettings settings() {
    return new RedisSettings(server.uri(), Duration.ofSeconds(2), 0, () -> null);
  }

  private static Set<String> names() {
    return Pattern.compile("headgate:cache:\\S+")
        .matcher(server.say("KEYS", "headgate:cache:*"))
        .results()
        .map(MatchResult::group)
        .filter(name -> !name.endsWith(":changed"))
        .collect(Collectors.toSet());
  }

  /** Gives the name of what is kept in Redis. */
  private String kept(Kept answer) {
    Set<String> before = names();
    one.keep(key, answer);
    Set<String> added = new HashSet<>();
    eventually(
        () -> {
          added.addAll(names());
          added.removeAll(before);
          return !added.isEmpty();
        });
    assertThat(added).hasSize(1);
    return added.iterator().next();
  }

  @Test
  void itAgesAsRedisDoes() {
    String name = kept(Kept.of("abc", "age: 7"));
    // What it begins with is when it was kept.
    server.say(
        "EVAL",
        """
        local kept = redis.call('GETRANGE', KEYS[1], 0, 13)
        return redis.call('SETRANGE', KEYS[1], 0, string.format('%014.0f', kept - 20000))
        """,
        "1",
        name);

    Stored.Use use = other.use(other.await(key));

    assertThat(use.age()).isBetween(27L, 37L);
    assertThat(use.ttl()).isBetween(23L, 33L);
  }

  @ParameterizedTest
  @CsvSource({
    "false, 0, 0, '', 60000",
    "false, 30, 600, '', 660000",
    "false, 600, 30, '', 660000",
    "true, 600, 600, '', 60000",
    "false, 30, 60, etag, 3660000",
    "false, 30, 7200, etag, 7260000",
    "false, 9999999, 0, '', 2592000000",
  })
  void itIsThereForAsLongAsItCanBeOfUse(
      boolean neverStale, long whileRevalidating, long onError, String validator, long millis) {
    Freshness freshness = new Freshness(60, false, neverStale, whileRevalidating, onError);
    String[] fields = validator.isEmpty() ? new String[0] : new String[] {"etag: \"a\""};
    String name = kept(Kept.of("abc", fields).lasting(freshness));

    long left = Long.parseLong(server.say("PTTL", name).substring(1));

    assertThat(left).isBetween(millis - 10 * SECOND, millis);
  }

  @Test
  void whatWasAskedForBeforeItsUrlChangedIsNotKept() {
    one.keep(key, Kept.of("first"));
    other.await(key);
    one.purge(Purge.url(key.authority(), key.path(), null, false));
    eventually(() -> other.here(key).isEmpty());

    one.keep(key, Kept.of("old"), Duration.ofHours(1));

    // What one connection is asked for comes in that order.
    assertThat(one.find(key)).isEmpty();
    assertThat(other.find(key)).isEmpty();
    eventually(
        () -> {
          one.keep(key, Kept.of("new"));
          return other.find(key).isPresent();
        });
    assertThat(text(other.here(key).orElseThrow())).isEqualTo("new");
  }

  @Test
  void whoComesLaterHearsOfWhatWasPurgedBefore() {
    one.keep(key, Kept.of("abc").tagged("red"));
    other.await(key);
    one.purge(Purge.tag("red", false));
    eventually(() -> other.here(key).isEmpty());

    try (TierNode third = new TierNode(server.uri(), "third")) {
      third.hearing(other);

      assertThat(third.find(key)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "garbage",
        "Vx",
        "00000000000000",
        "00000000000000V",
        "00000000000000Vx",
        "00000000000000\u0001",
        "00000000000000garbage",
        "xxxxxxxxxxxxxx\u0001\u0000",
        "99999999999999\u0001\u0000\u00c8\u007f\u00ff\u00ff\u00ff"
      })
  void garbageIsNothingAndIsWrittenOver(String garbage) {
    String name = kept(Kept.of("abc"));
    server.say("SET", name, garbage);

    assertThat(other.find(key)).isEmpty();
    one.keep(key, Kept.of("again"));
    assertThat(text(other.await(key))).isEqualTo("again");
  }

  @Test
  void aValueOfAnotherTypeIsNothing() {
    String name = kept(Kept.of("abc"));
    server.say("DEL", name);
    server.say("LPUSH", name, "x");

    assertThat(other.find(key)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "", "00000000000000"})
  void garbageAboutAUrlIsAsIfItHadChangedOrNot(String garbage) {
    String changed = kept(Kept.of("abc")).replaceFirst("}:.*", "}:changed");
    server.say("SET", changed, garbage);

    assertThat(other.find(key).map(TierNode::text)).isIn(other.here(key).map(TierNode::text));
    one.purge(Purge.url(key.authority(), key.path(), null, false));
    eventually(() -> server.say("STRLEN", changed).equals(":28"));
    assertThat(server.say("GETRANGE", changed, "0", "13")).doesNotContain(NEVER);
    assertThat(server.say("GETRANGE", changed, "14", "27")).endsWith(NEVER);
    assertThat(other.find(key)).isEmpty();
  }

  @Test
  void whatIsTooMuchForAnotherNodeIsNotFound() {
    kept(Kept.of("0".repeat(2 << 20)));
    AnswerCache small = new AnswerCache(1 << 20, () -> java.time.Instant.ofEpochMilli(Samples.NOW));

    small.shareThrough(other.redis, Runnable::run, "small");
    eventually(java.util.Objects.requireNonNull(small.tier())::isOpen);

    var found = new java.util.concurrent.CompletableFuture<Boolean>();
    java.util.Objects.requireNonNull(small.tier())
        .find(key, TierNode.PLAIN, there -> found.complete(there != null));
    assertThat(found).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(false);
    assertThat(small.store().room().used()).isZero();
  }
}
