package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.key;
import static dev.headgate.policy.cache.TierNode.eventually;
import static dev.headgate.policy.cache.TierNode.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.policy.cache.TierNode.Kept;
import dev.headgate.testing.RedisProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong with Redis, and what is left of it afterwards. */
@Tag("alone") // It measures time.
class SharedTierFaultsIT {
  private static final Duration SOON = Duration.ofMillis(800);

  private final CacheKey key = key("/a");

  // Each case begins with them.
  @SuppressWarnings("NullAway.Init")
  private RedisProcess server;

  @SuppressWarnings("NullAway.Init")
  private TierNode one;

  @SuppressWarnings("NullAway.Init")
  private TierNode other;

  @BeforeEach
  void begin() throws IOException {
    server = RedisProcess.start("appendonly yes", "appendfsync always");
    one = new TierNode(server.uri(), "one");
    other = new TierNode(server.uri(), "other");
    one.hearing(other);
    other.hearing(one);
    one.keep(key, Kept.of("abc").tagged("red"));
    one.await(key);
    other.await(key);
  }

  @AfterEach
  void end() {
    one.close();
    other.close();
    server.close();
  }

  private void kill() throws InterruptedException {
    server.kill();
    eventually(() -> !one.redis.status().up() && !other.redis.status().up());
  }

  private void assertNothingIsFoundSoon() {
    long begun = System.nanoTime();
    assertThat(other.find(key)).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
    assertThat(other.here(key)).isPresent();
  }

  @Test
  void withoutRedisNothingIsFoundAndNothingThrown() throws Exception {
    kill();

    assertNothingIsFoundSoon();
    one.keep(key("/b"), Kept.of("abc"));

    server.again();
    assertThat(text(other.await(key))).isEqualTo("abc");
    // One of them may be connected again before the other.
    eventually(
        () -> {
          one.keep(key("/c"), Kept.of("abc"));
          return other.find(key("/c")).isPresent();
        });
  }

  @Test
  void aRedisThatDoesNotAnswerIsNotWaitedFor() throws Exception {
    server.pause();

    assertNothingIsFoundSoon();
    one.keep(key("/b"), Kept.of("abc"));

    server.resume();
    eventually(() -> other.find(key).isPresent());
  }

  @ParameterizedTest
  @CsvSource({"URL, false", "ROUTE, false", "TAG, false", "URL, true", "ROUTE, true", "TAG, true"})
  void whatWasPurgedMeanwhileIsToldWhenItIsBack(Purge.Kind kind, boolean soft) throws Exception {
    kill();

    one.purge(purge(kind, soft));

    assertThat(one.here(key).filter(isFresh(one))).isEmpty();
    assertThat(other.here(key).filter(isFresh(other))).isPresent();
    server.again();
    eventually(() -> other.here(key).filter(isFresh(other)).isEmpty());
    assertThat(one.find(key).filter(isFresh(one))).isEmpty();
    assertThat(other.find(key).filter(isFresh(other))).isEmpty();
  }

  private static Predicate<Stored> isFresh(TierNode node) {
    return stored -> node.use(stored).ttl() > 0;
  }

  private Purge purge(Purge.Kind kind, boolean soft) {
    return switch (kind) {
      case URL -> Purge.url(key.authority(), key.path(), null, soft);
      case ROUTE -> Purge.route(key.space().route(), soft);
      case TAG -> Purge.tag("red", soft);
      case ALL -> Purge.everything();
    };
  }

  @Test
  void whoPurgedDoesNotFindWhatNobodyCouldBeToldOfYet() throws Exception {
    // It gives, and takes nothing.
    fill();

    one.purge(Purge.tag("red", false));

    eventually(() -> refused() > 0);
    assertThat(one.find(key)).isEmpty();
    server.say("CONFIG", "SET", "maxmemory", "0");
    eventually(() -> other.here(key).isEmpty());
    assertThat(one.find(key)).isEmpty();
    assertThat(other.find(key)).isEmpty();
  }

  @Test
  void aPurgeThatAFullRedisRefusesIsTriedAtEachAskingAndNotMore() throws Exception {
    fill();

    one.purge(Purge.url(key.authority(), key.path(), null, false));

    // Two calls at each asking, ten of which are in a second.
    eventually(() -> refused() >= 8);
    long before = refused();
    long begun = System.nanoTime();
    eventually(() -> System.nanoTime() - begun > Duration.ofSeconds(2).toNanos());
    assertThat(refused() - before).isLessThanOrEqualTo(2 * 20 + 4);
    server.say("CONFIG", "SET", "maxmemory", "0");
    eventually(() -> other.here(key).isEmpty());
  }

  private void fill() {
    server.say("CONFIG", "SET", "maxmemory", "1");
    server.say("CONFIG", "RESETSTAT");
  }

  private long refused() {
    Matcher count =
        Pattern.compile("cmdstat_evalsha:\\S*failed_calls=(\\d+)")
            .matcher(server.say("INFO", "commandstats"));
    return count.find() ? Long.parseLong(count.group(1)) : 0;
  }
}
