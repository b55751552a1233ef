package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.TierNode.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.policy.cache.TierNode.Kept;
import dev.headgate.redis.RedisSettings;
import dev.headgate.testing.RedisProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three masters. */
class SharedTierClusterIT extends TierContract {
  private static final int SLOTS = 16_384;
  private static final List<RedisProcess> NODES = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    for (int i = 0; i < 3; i++) {
      NODES.add(RedisProcess.start(RedisProcess.freeClusterPort(), "cluster-enabled yes"));
    }
    for (int i = 0; i < NODES.size(); i++) {
      RedisProcess node = NODES.get(i);
      List<String> add = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
      for (int slot = i; slot < SLOTS; slot += NODES.size()) {
        add.add(Integer.toString(slot));
      }
      node.say(add.toArray(String[]::new));
      node.say("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
      node.say("CLUSTER", "MEET", "127.0.0.1", Integer.toString(NODES.get(0).port()));
    }
    for (RedisProcess node : NODES) {
      eventually(
          () -> {
            String info = node.say("CLUSTER", "INFO");
            return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3");
          });
    }
  }

  @AfterAll
  static void stop() {
    NODES.forEach(RedisProcess::close);
  }

  @Override
  RedisSettings settings() {
    return new RedisSettings(NODES.get(0).uri(), Duration.ofSeconds(2), 0, () -> null);
  }

  @Test
  void answersAreOnAllMasters() {
    for (int i = 0; i < 30; i++) {
      one.keep(key("/" + i), Kept.of("abc"));
    }
    for (int i = 0; i < 30; i++) {
      other.await(key("/" + i));
    }

    assertThat(NODES).allSatisfy(node -> assertThat(node.say("DBSIZE")).matches(":[1-9][0-9]*"));
  }
}
