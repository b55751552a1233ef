package dev.headgate.policy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.policy.idempotency.IdempotencyStore.Claim;
import dev.headgate.redis.RedisSettings;
import dev.headgate.testing.RedisProcess;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RedisSentinelIT {
  private static final Duration HOUR = Duration.ofHours(1);

  private static Optional<Entry> claim(RedisStores stores, String key) {
    Claim claim = new Claim(Answers.token(), Answers.fingerprint(1), HOUR, HOUR);
    return Answers.of(stores.store.claim(new LookupKey(key), claim, Answers.LIMIT));
  }

  @Test
  void theNewMasterIsFoundWhenTheOldOneIsGone() throws Exception {
    try (RedisProcess master = RedisProcess.start();
        RedisProcess replica = RedisProcess.start("replicaof 127.0.0.1 " + master.port());
        RedisProcess sentinel =
            RedisProcess.start(
                "sentinel monitor main 127.0.0.1 " + master.port() + " 1",
                "sentinel down-after-milliseconds main 500",
                "sentinel failover-timeout main 2000")) {
      RedisFaultsIT.eventually(() -> master.say("INFO", "replication").contains("state=online"));
      RedisFaultsIT.eventually(
          () -> sentinel.say("SENTINEL", "master", "main").contains("num-slaves\r\n$1\r\n1"));
      RedisSettings settings =
          new RedisSettings(
              "redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#main",
              Duration.ofMillis(500),
              1,
              () -> null);
      try (RedisStores stores = new RedisStores(settings)) {
        RedisFaultsIT.eventually(() -> stores.redis.status().up());
        assertThat(claim(stores, "charge:before")).isEmpty();

        master.kill();

        RedisFaultsIT.eventually(() -> replica.say("INFO", "replication").contains("role:master"));
        RedisFaultsIT.eventually(() -> stores.redis.status().up());
        // What the replica had confirmed is there.
        assertThat(Answers.of(stores.store.find(new LookupKey("charge:before"), Answers.LIMIT)))
            .containsInstanceOf(Entry.Running.class);
      }
    }
  }

  @Test
  void aMasterThatWasDemotedIsLeftForTheOneInItsPlace() throws Exception {
    try (RedisProcess master = RedisProcess.start();
        RedisProcess replica = RedisProcess.start("replicaof 127.0.0.1 " + master.port());
        RedisProcess sentinel =
            RedisProcess.start("sentinel monitor main 127.0.0.1 " + master.port() + " 1")) {
      RedisFaultsIT.eventually(() -> master.say("INFO", "replication").contains("state=online"));
      RedisFaultsIT.eventually(
          () -> sentinel.say("SENTINEL", "master", "main").contains("num-slaves\r\n$1\r\n1"));
      RedisSettings settings =
          new RedisSettings(
              "redis-sentinel://127.0.0.1:" + sentinel.port() + "#main",
              Duration.ofMillis(500),
              0,
              () -> null);
      try (RedisStores stores = new RedisStores(settings)) {
        RedisFaultsIT.eventually(() -> stores.redis.status().up());
        assertThat(sentinel.say("SENTINEL", "failover", "main")).isEqualTo("+OK");
        RedisFaultsIT.eventually(() -> replica.say("INFO", "replication").contains("role:master"));

        // Until the old one has been told, it takes claims that nobody will know of.
        AtomicInteger keys = new AtomicInteger();
        RedisFaultsIT.eventually(
            () -> {
              String key = "charge:after-" + keys.incrementAndGet();
              try {
                return claim(stores, key).isEmpty()
                    && replica.say("EXISTS", "headgate:idempotency:{" + key + "}").equals(":1");
              } catch (StoreFailure notYet) {
                return false;
              }
            });
      }
    }
  }
}
