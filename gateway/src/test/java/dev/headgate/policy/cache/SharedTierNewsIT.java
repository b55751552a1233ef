package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.key;
import static dev.headgate.policy.cache.TierNode.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.policy.cache.TierNode.Kept;
import dev.headgate.testing.RedisProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not heard in time, or at all. */
class SharedTierNewsIT {
  private static final Purge RED = Purge.tag("red", false);

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
    server = RedisProcess.start();
    one = new TierNode(server.uri(), "one");
    other = new TierNode(server.uri(), "other");
    one.hearing(other);
    other.hearing(one);
  }

  @AfterEach
  void end() {
    one.close();
    other.close();
    server.close();
  }

  private Purge url(boolean soft) {
    return Purge.url(key.authority(), key.path(), null, soft);
  }

  private boolean isFreshAtOther() {
    return other.here(key).filter(there -> other.use(there).ttl() > 0).isPresent();
  }

  private void keepAtBoth() {
    one.keep(key, Kept.of("abc").tagged("red"));
    one.await(key);
    other.await(key);
  }

  private void tellByHand(String line) {
    server.say(
        "EVAL",
        """
        local n = string.format('%.0f', redis.call('INCR', KEYS[2]))
        return redis.call('ZADD', KEYS[1], n, n .. ' ' .. ARGV[1])
        """,
        "2",
        "{headgate:cache}:told",
        "{headgate:cache}:seq",
        line);
  }

  @Test
  void whatIsStaleAfterItHadChangedIsStaleInRedisToo() {
    one.purge(url(false));
    other.hearing(one);
    eventually(
        () -> {
          one.keep(key, Kept.of("abc"));
          return other.find(key).isPresent();
        });

    one.purge(url(true));
    eventually(() -> !isFreshAtOther());
    other.cache.store().purge((same, stored) -> true, null);
    other.await(key);

    assertThat(isFreshAtOther()).isFalse();
  }

  static Stream<Purge> wide() {
    return Stream.of(RED, Purge.tag("red", true), Purge.route("shop", false), Purge.everything());
  }

  @ParameterizedTest
  @MethodSource("wide")
  void whatWasAskedForBeforeAndKeptAfterIsNotFound(Purge purge) {
    keepAtBoth();
    one.purge(purge);
    eventually(() -> !isFreshAtOther());
    other.cache.store().purge((same, stored) -> true, null);

    other.keep(key, Kept.of("old").tagged("red"), Duration.ofMinutes(1));

    // What one connection is asked for comes in that order.
    assertThat(other.find(key("/none"))).isEmpty();
    assertThat(other.find(key)).isEmpty();
    eventually(
        () -> {
          other.keep(key, Kept.of("new").tagged("red"));
          return other.find(key).isPresent();
        });
  }

  @Test
  void whoStartsFindsNothingThatWasPurgedBefore() {
    keepAtBoth();
    one.purge(RED);
    eventually(() -> other.here(key).isEmpty());

    try (TierNode third = new TierNode(server.uri(), "third")) {
      assertThat(third.find(key)).isEmpty();
      third.hearing(one);
      assertThat(third.find(key)).isEmpty();
    }
  }

  @Test
  void whoStartsDropsWhatItHadBeforeItHeard() {
    try (TierNode third = new TierNode(server.uri(), "third")) {
      Head head = Samples.head(200, Samples.fresh(60));
      third.cache.store().put(key, TierNode.PLAIN, Samples.stored(head, "abc"));

      eventually(() -> third.here(key).isEmpty());
    }
  }

  @Test
  void aRedisThatHasForgottenAllHasAllDropped() {
    keepAtBoth();

    server.say("FLUSHALL");

    eventually(() -> one.here(key).isEmpty() && other.here(key).isEmpty());
    keepAtBoth();
    one.purge(RED);
    eventually(() -> other.here(key).isEmpty());
  }

  @Test
  void whatCannotBeReadHasAllDroppedAndTheRestIsHeard() {
    keepAtBoth();
    tellByHand("third FLAVOUR 0 x - -");
    eventually(() -> other.here(key).isEmpty());

    keepAtBoth();
    one.purge(RED);

    eventually(() -> other.here(key).isEmpty());
  }

  @Test
  void moreThanCanBeToldApartIsToldAsAllAndThenForgotten() throws Exception {
    server.kill();
    eventually(() -> !one.redis.status().up() && !other.redis.status().up());
    for (int i = 0; i < 10_500; i++) {
      one.purge(Purge.url("gateway", "/p" + i, null, false));
    }
    Head head = Samples.head(200, Samples.fresh(60));
    other.cache.store().put(key, TierNode.PLAIN, Samples.stored(head, "abc"));

    server.again();
    eventually(() -> one.redis.status().up() && other.redis.status().up());

    eventually(() -> other.here(key).isEmpty());
    eventually(
        () -> {
          other.keep(key("/p1"), Kept.of("x"));
          return one.find(key("/p1")).isPresent();
        });
  }
}
