package dev.headgate.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.policy.cache.TierNode.Kept;
import dev.headgate.redis.RedisSettings;
import dev.headgate.testing.RedisProcess;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A user of Redis that may do no more than the cache must. */
class SharedTierUserIT extends TierContract {
  private static final String MAY =
      "~headgate:cache:* ~{headgate:cache}:* +evalsha +eval +get +set +del +time +incr +zadd"
          + " +zremrangebyrank +zrangebyscore +hset +hlen +hgetall +info +ping +client";

  @SuppressWarnings("NullAway.Init")
  private static RedisProcess server;

  @BeforeAll
  static void start() throws IOException {
    server = RedisProcess.start("user gate on >secret " + MAY);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  RedisSettings settings() {
    return new RedisSettings(
        "redis://gate:secret@127.0.0.1:" + server.port(), Duration.ofSeconds(2), 0, () -> null);
  }

  /** More than a thousand of them are forgotten for all that there is. */
  @Test
  void soManyPurgesThatTheyAreOneReachTheOther() {
    one.keep(key, Kept.of("abc").tagged("red"));
    other.await(key);
    one.purge(Purge.tag("red", false));
    for (int i = 0; i < 1_100; i++) {
      one.purge(Purge.tag(route + i, false));
    }

    other.hearing(one);
    assertThat(other.here(key)).isEmpty();
    assertThat(other.find(key)).isEmpty();
    assertThat(one.find(key)).isEmpty();
  }

  @Test
  void nothingIsRefused() {
    aPurgeOfSomethingElseLeavesItAlone();

    assertThat(server.say("ACL", "LOG")).isEqualTo("*0");
  }
}
