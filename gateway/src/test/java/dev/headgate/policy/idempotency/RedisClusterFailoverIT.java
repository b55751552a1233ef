package dev.headgate.policy.idempotency;

import static dev.headgate.policy.idempotency.Answers.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.policy.idempotency.IdempotencyStore.Claim;
import dev.headgate.redis.RedisSettings;
import dev.headgate.testing.RedisProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Cluster of one master with a replica, which takes its place. */
class RedisClusterFailoverIT {
  private static final Fingerprint PRINT = Answers.fingerprint(1);

  private RedisProcess master;
  private RedisProcess replica;

  @BeforeEach
  void form() throws IOException {
    master = RedisProcess.start(RedisProcess.freeClusterPort(), "cluster-enabled yes");
    replica = RedisProcess.start(RedisProcess.freeClusterPort(), "cluster-enabled yes");
    List<String> allSlots = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
    IntStream.range(0, 16_384).mapToObj(Integer::toString).forEach(allSlots::add);
    assertThat(master.say(allSlots.toArray(String[]::new))).contains("OK");
    replica.say("CLUSTER", "MEET", "127.0.0.1", Integer.toString(master.port()));
    RedisFaultsIT.eventually(() -> knowsBoth(master) && knowsBoth(replica));
    String id = master.say("CLUSTER", "MYID").lines().reduce((a, b) -> b).orElseThrow().strip();
    replica.say("CLUSTER", "REPLICATE", id);
    RedisFaultsIT.eventually(
        () ->
            replica.say("INFO", "replication").contains("master_link_status:up")
                && isOk(master)
                && isOk(replica));
  }

  private static boolean isOk(RedisProcess node) {
    return node.say("CLUSTER", "INFO").contains("cluster_state:ok");
  }

  private static boolean knowsBoth(RedisProcess node) {
    return node.say("CLUSTER", "INFO").contains("cluster_known_nodes:2");
  }

  @AfterEach
  void stop() {
    master.close();
    replica.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void claimsGoOnAtTheReplicaThatTookOver(int replicas) {
    RedisSettings settings =
        new RedisSettings(master.uri(), Duration.ofSeconds(5), replicas, () -> null);
    try (RedisStores stores = new RedisStores(settings)) {
      RedisFaultsIT.eventually(() -> stores.redis.status().up());
      assertThat(claimed(stores, "before")).isEmpty();
      RedisFaultsIT.eventually(() -> replica.say("DBSIZE").contains(":1"));

      replica.say("CLUSTER", "FAILOVER", "TAKEOVER");
      RedisFaultsIT.eventually(
          () ->
              replica.say("ROLE").contains("master")
                  && master.say("INFO", "replication").contains("master_link_status:up")
                  && isOk(master)
                  && isOk(replica));

      // The first of them finds out where to go: none of them fails.
      assertThat(claimed(stores, "after")).isEmpty();
      assertThat(claimed(stores, "before").orElseThrow()).isInstanceOf(Entry.Running.class);
      assertThat(claimed(stores, "after").orElseThrow()).isInstanceOf(Entry.Running.class);
    }
  }

  private static Optional<Entry> claimed(RedisStores stores, String key) {
    Claim claim = new Claim(Answers.token(), PRINT, Duration.ofMinutes(10), Duration.ofHours(24));
    return Answers.of(stores.store.claim(new LookupKey("charge:" + key), claim, LIMIT));
  }
}
