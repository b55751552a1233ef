package dev.headgate.contract.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.contract.harness.RedisServer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The Redis of these tests does what they take it to do. */
class RedisServerTest {
  @Test
  void itForgetsNothingWhenItIsKilled() {
    try (RedisServer redis = RedisServer.start()) {
      redis.ask("SET", "a", "1");
      redis.kill();
      assertThatThrownBy(() -> redis.ask("GET", "a")).hasMessageContaining("refused");

      redis.restart();

      assertThat(redis.ask("GET", "a")).isEqualTo("1");
      assertThat(redis.keys()).containsExactly("a");
      assertThat(new String(redis.written(), StandardCharsets.ISO_8859_1)).contains("SET");
    }
  }

  @Test
  void aReplicaTakesNoWritesUntilItIsPromoted() {
    try (RedisServer master = RedisServer.start();
        RedisServer replica = master.replica()) {
      master.ask("SET", "a", "1");
      assertThat(master.ask("WAIT", "1", "1000")).isNotEmpty();
      assertThatThrownBy(() -> replica.ask("SET", "a", "2")).hasMessageContaining("READONLY");
      master.kill();

      replica.promote();

      replica.ask("SET", "b", "2");
      assertThat(replica.keys()).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void itStandsStillUntilItMayGoOn() {
    try (RedisServer redis = RedisServer.start()) {
      redis.pause();
      assertThatThrownBy(() -> redis.ask("PING")).hasMessageContaining("timed out");

      redis.resume();

      assertThat(redis.ask("PING")).isEqualTo("PONG");
    }
  }
}
