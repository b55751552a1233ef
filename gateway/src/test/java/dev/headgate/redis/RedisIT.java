package dev.headgate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.RedisProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a reply that is an error does to the connection. */
class RedisIT {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final RedisScript ERROR = RedisScript.of("return redis.error_reply(ARGV[1])");

  private final AtomicInteger ups = new AtomicInteger();
  private final AtomicBoolean slow = new AtomicBoolean();
  private final InstantSource clock = this::instant;

  @SuppressWarnings("NullAway.Init")
  private RedisProcess server;

  @SuppressWarnings("NullAway.Init")
  private Redis redis;

  @BeforeEach
  void start() throws IOException {
    server = RedisProcess.start();
    redis =
        new Redis(
            new RedisSettings(server.uri(), LIMIT, 0, () -> null),
            null,
            clock,
            System::nanoTime,
            () -> 0.5);
    redis.whenUp(ups::incrementAndGet);
    redis.start();
    eventually(() -> ups.get() == 1);
    server.say("SCRIPT", "LOAD", ERROR.text());
  }

  @AfterEach
  void stop() {
    redis.close();
    server.close();
  }

  /** Where it is slow, it takes until there is another connection. */
  private Instant instant() {
    if (slow.compareAndSet(true, false)) {
      try {
        Awaitility.await().atMost(Duration.ofSeconds(2)).until(() -> ups.get() == 2);
      } catch (org.awaitility.core.ConditionTimeoutException e) {
        // The test shows it.
        return Instant.EPOCH;
      }
    }
    return Instant.now();
  }

  private static void eventually(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(10))
        .until(condition);
  }

  private CompletableFuture<byte[]> refused(String reply) {
    byte[][] args = {reply.getBytes(StandardCharsets.US_ASCII)};
    byte[][] keys = {{'k'}};
    return redis.call(ERROR, keys, args, LIMIT, false);
  }

  private void fails(String reply) {
    assertThat(refused(reply)).failsWithin(LIMIT);
  }

  @Test
  void aMasterThatWasDemotedIsGivenUpAlsoWhereAScriptsErrorIsWrapped() {
    fails(
        "ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write against"
            + " a read only replica. ");
    eventually(() -> ups.get() == 2);
    fails("READONLY You can't write against a read only replica.");
    eventually(() -> ups.get() >= 3);
  }

  @Test
  void aMasterThatTakesNoWritesForNowKeepsItsConnection() {
    fails("NOREPLICAS Not enough good replicas to write.");
    fails("MISCONF Errors writing to the AOF file");
    fails("ERR Error running script: -MISCONF Errors writing to the AOF file");
    assertThat(redis.status().up()).isTrue();
    assertThat(ups).hasValue(1);
  }

  @Test
  void aCallOfTheLastConnectionThatFailsLateDoesNotHideTheNextOne() throws Exception {
    server.pause();
    CompletableFuture<byte[]> demoted = refused("READONLY You are a replica now.");
    CompletableFuture<byte[]> late = refused("ERR late").whenComplete((v, e) -> slow.set(true));
    server.resume();
    assertThat(demoted).failsWithin(LIMIT);
    assertThat(late).failsWithin(LIMIT);
    eventually(() -> ups.get() == 2 && !slow.get());
    eventually(() -> "ERR late".equals(redis.status().lastFailure()));
    assertThat(redis.status().up()).isTrue();
  }
}
