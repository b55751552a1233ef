package dev.headgate.policy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.redis.RedisSettings;
import dev.headgate.testing.RedisProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three masters, found by asking one of them. */
class RedisClusterIT extends StoreContract {
  private static final int SLOTS = 16_384;
  private static final List<RedisProcess> NODES = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private static RedisStores stores;

  @BeforeAll
  static void start() throws IOException {
    for (int i = 0; i < 3; i++) {
      NODES.add(RedisProcess.start(RedisProcess.freeClusterPort(), "cluster-enabled yes"));
    }
    form();
    stores = new RedisStores(NODES.get(0).uri());
    RedisFaultsIT.eventually(() -> stores.redis.status().up());
  }

  private static void form() {
    for (int i = 0; i < NODES.size(); i++) {
      List<String> add = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
      for (int slot = i; slot < SLOTS; slot += NODES.size()) {
        add.add(Integer.toString(slot));
      }
      NODES.get(i).say(add.toArray(String[]::new));
      NODES.get(i).say("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
      NODES.get(i).say("CLUSTER", "MEET", "127.0.0.1", Integer.toString(NODES.get(0).port()));
    }
    for (RedisProcess node : NODES) {
      RedisFaultsIT.eventually(
          () -> {
            String info = node.say("CLUSTER", "INFO");
            return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3");
          });
    }
  }

  @AfterAll
  static void stop() {
    stores.close();
    NODES.forEach(RedisProcess::close);
  }

  @Override
  IdempotencyStore store() {
    return stores.store;
  }

  @Override
  void pass(Duration time) {
    NODES.forEach(node -> RedisStores.age(node, time));
  }

  @Test
  void keysAreOnAllMasters() {
    manyKeysDoNotMeet();
    assertThat(NODES).allSatisfy(node -> assertThat(node.say("DBSIZE")).matches(":[1-9][0-9]*"));
  }

  @Test
  void seedsAreWaysIn() {
    String seeds = "redis://127.0.0.1:1," + NODES.get(1).uri() + "," + NODES.get(2).uri();
    try (RedisStores other = new RedisStores(seeds)) {
      RedisFaultsIT.eventually(() -> other.redis.status().up());
      held();
      assertThat(Answers.of(other.store.find(key, Answers.LIMIT)))
          .containsInstanceOf(Entry.Running.class);
    }
  }

  @Test
  void aClaimThatNoReplicaHasIsTakenBackFromItsMaster() {
    RedisSettings settings =
        new RedisSettings(NODES.get(0).uri(), Duration.ofMillis(400), 1, () -> null);
    try (RedisStores strict = new RedisStores(settings)) {
      RedisFaultsIT.eventually(() -> strict.redis.status().up());
      assertThat(
              strict.store.claim(key, claim(Answers.token()), Answers.LIMIT).toCompletableFuture())
          .failsWithin(Duration.ofSeconds(5));
      RedisFaultsIT.eventually(() -> strict.store.unfinished() == 0);
      assertThat(found()).isEmpty();
    }
  }
}
