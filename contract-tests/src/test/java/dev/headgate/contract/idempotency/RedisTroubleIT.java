package dev.headgate.contract.idempotency;

import static dev.headgate.contract.idempotency.Caller.assertError;
import static dev.headgate.contract.idempotency.Caller.assertRan;
import static dev.headgate.contract.idempotency.Caller.assertReplayed;
import static dev.headgate.contract.idempotency.Caller.fresh;
import static dev.headgate.contract.idempotency.WithRedis.AT_ONE;
import static dev.headgate.contract.idempotency.WithRedis.AT_TWO;
import static dev.headgate.contract.idempotency.WithRedis.REDIS;
import static dev.headgate.contract.idempotency.WithRedis.SERVICE;
import static dev.headgate.contract.idempotency.WithRedis.TO_REDIS;
import static dev.headgate.contract.idempotency.WithRedis.TO_REDIS_BY_TLS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.GatewayProcess;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.RedisServer;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.Scrape;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.Secrets;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.TcpProxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Redis that fails, in each of its ways: nothing runs unprotected that may not. */
@Once
class RedisTroubleIT {
  @RegisterExtension static final SharedGateway ONE = WithRedis.ONE;
  @RegisterExtension static final SharedGateway TWO = WithRedis.TWO;

  /** The limit of a call, and what a busy machine takes besides. */
  private static final long LIMIT_MILLIS = 1_500;

  private static final ScriptedUpstream NO_REDIS =
      ScriptedUpstream.playing(
          connection -> {
            connection.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n$-7\r\n*x\r\n");
            connection.awaitEnd();
          });

  /** Of the Redis at gateway one, or of both. */
  enum Trouble {
    KILLED {
      @Override
      void begin() {
        REDIS.kill();
      }

      @Override
      void end() {
        REDIS.restart();
      }
    },
    STOPPED {
      @Override
      void begin() {
        REDIS.pause();
      }

      @Override
      void end() {
        REDIS.resume();
      }
    },
    READ_ONLY {
      @Override
      void begin() {
        REDIS.follow(ScriptedUpstream.closedPort());
      }

      @Override
      void end() {
        REDIS.promote();
      }
    },
    OUT_OF_MEMORY {
      @Override
      void begin() {
        REDIS.set("maxmemory", "1");
      }

      @Override
      void end() {
        REDIS.set("maxmemory", "0");
      }
    },
    WITHOUT_REPLICAS {
      @Override
      void begin() {
        REDIS.set("min-replicas-to-write", "1");
      }

      @Override
      void end() {
        REDIS.set("min-replicas-to-write", "0");
      }
    },
    GARBAGE {
      @Override
      void begin() {
        TO_REDIS.lead(NO_REDIS.port());
      }

      @Override
      void end() {
        TO_REDIS.lead(REDIS.port());
      }
    },
    REFUSING_THE_LOGIN {
      @Override
      void begin() {
        REDIS.ask("ACL", "SETUSER", "gateway", "resetpass", ">other");
        TO_REDIS.cut();
        TO_REDIS_BY_TLS.cut();
      }

      @Override
      void end() {
        REDIS.ask("ACL", "SETUSER", "gateway", "resetpass", ">" + Secrets.PLANTED);
      }
    };

    abstract void begin();

    abstract void end();
  }

  @BeforeEach
  void wellBefore() {
    WithRedis.awaitWell();
  }

  private static void assertRefused(Caller caller, String target, String key) throws Exception {
    long start = System.nanoTime();

    Response refused = caller.post(target, key);

    long millis = (System.nanoTime() - start) / 1_000_000;
    assertError(refused, 503, "IDEMPOTENCY_STORE_UNAVAILABLE");
    assertThat(Integer.parseInt(refused.need("retry-after"))).isBetween(1, 60);
    assertThat(millis).isLessThan(LIMIT_MILLIS);
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void nothingRunsThatCouldNotBeClaimed(Trouble trouble) throws Exception {
    String stored = "/pay/ok/" + fresh();
    String target = "/pay/ok/" + fresh();
    String key = fresh();
    Response before = assertRan(AT_ONE.post(stored, key));
    String refusedKey = fresh();
    trouble.begin();
    try {
      for (int i = 0; i < 3; i++) {
        assertRefused(AT_ONE, target, refusedKey);
      }
      assertManyAreRefusedInTime(target);
      assertThat(SERVICE.count(target)).isZero();

      Response open = assertRan(AT_ONE.post("/open/ok/" + fresh(), fresh()));
      assertThat(open.header("idempotency-status")).isEqualTo("unprotected");

      // Redis may still be readable; that the key is taken may not be overlooked.
      Response repeat = AT_ONE.post(stored, key);
      if (repeat.status() != 503) {
        assertReplayed(repeat, before);
      }
      assertThat(SERVICE.count(stored)).isOne();
      assertThat(ONE.process().readiness()).isEqualTo(200);
    } finally {
      trouble.end();
    }

    Eventually.holds(() -> assertRan(AT_ONE.post(target, refusedKey)));
    assertThat(AT_ONE.post(target, refusedKey).header("idempotent-replayed")).isEqualTo("true");
    assertThat(SERVICE.count(target)).isOne();
    assertReplayed(AT_ONE.post(stored, key), before);
    Response protectedAgain = assertRan(AT_ONE.post("/open/ok/" + fresh(), fresh()));
    assertThat(protectedAgain.header("idempotency-status")).isNull();
  }

  /** Nobody queues behind a store that does not answer. */
  private static void assertManyAreRefusedInTime(String target) throws Exception {
    long start = System.nanoTime();
    List<RawHttp> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add(AT_ONE.begin(target, fresh()));
    }
    for (RawHttp http : all) {
      assertError(http.response("POST"), 503, "IDEMPOTENCY_STORE_UNAVAILABLE");
      http.close();
    }
    assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(2 * LIMIT_MILLIS);
  }

  @Test
  void itShowsInHealthAndMetersAndInReadinessWhereThatIsConfigured() throws Exception {
    String up = "headgate_store_up";
    assertThat(Scrape.of(ONE.process()).sum(up, "store", "redis")).isOne();
    Eventually.holds(() -> assertThat(TWO.process().readiness()).isEqualTo(200));
    String well = ONE.process().health().text();
    REDIS.kill();
    try {
      assertRefused(AT_ONE, "/pay/ok/" + fresh(), fresh());

      Eventually.holds(
          () -> assertThat(Scrape.of(ONE.process()).sum(up, "store", "redis")).isZero());
      Eventually.holds(() -> assertThat(TWO.process().readiness()).isEqualTo(503));
      assertThat(ONE.process().readiness()).isEqualTo(200);
      assertThat(ONE.process().health().text()).contains("redis").isNotEqualTo(well);
      assertThat(ONE.process().health().text()).doesNotContain(Secrets.PLANTED);
    } finally {
      REDIS.restart();
    }

    Eventually.holds(() -> assertThat(TWO.process().readiness()).isEqualTo(200));
    Eventually.holds(() -> assertThat(Scrape.of(ONE.process()).sum(up, "store", "redis")).isOne());
  }

  @Test
  void connectionsThatAreCutAreMadeAgain() throws Exception {
    for (int i = 0; i < 5; i++) {
      TO_REDIS.cut();
      TO_REDIS_BY_TLS.cut();
      WithRedis.awaitWell();
    }
  }

  @Test
  void anAnswerThatCannotBeStoredIsPassedOnAndSaysSo() throws Exception {
    String target = "/pay/held/" + fresh();
    String key = fresh();
    Response first;
    try (RawHttp http = AT_ONE.begin(target, key)) {
      SERVICE.await(target, 1);
      REDIS.kill();
      try {
        SERVICE.release(target);
        first = assertRan(http.response("POST"));
        assertThat(first.header("idempotency-status")).isEqualTo("not-stored");
        assertError(AT_TWO.post(target, key), 503, "IDEMPOTENCY_STORE_UNAVAILABLE");
      } finally {
        REDIS.restart();
      }
    }

    for (Caller caller : List.of(AT_TWO, AT_ONE)) {
      Response last = WithRedis.afterwards(caller, target, key);
      if (last.status() == 409) {
        assertError(last, 409, "IDEMPOTENCY_OUTCOME_UNKNOWN");
      } else {
        assertReplayed(last, first);
      }
    }
    assertThat(SERVICE.count(target)).isOne();
  }

  @Test
  void aReleaseThatCannotBeToldIsMadeUpFor() throws Exception {
    String target = "/pay/held-503/" + fresh();
    String key = fresh();
    try (RawHttp http = AT_ONE.begin(target, key)) {
      SERVICE.await(target, 1);
      REDIS.kill();
      try {
        SERVICE.release(target);
        assertThat(http.response("POST").status()).isEqualTo(503);
      } finally {
        REDIS.restart();
      }
    }

    Response last = WithRedis.afterwards(AT_TWO, target, key);

    if (last.status() == 409) {
      assertError(last, 409, "IDEMPOTENCY_OUTCOME_UNKNOWN");
      assertThat(SERVICE.count(target)).isOne();
    } else {
      assertRan(last);
    }
  }

  @Test
  void aGatewayStartsWithoutItAndServesOnceItIsThereWithItsReplica() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();
    try (RedisServer redis = RedisServer.start();
        TcpProxy proxy = TcpProxy.to(ScriptedUpstream.closedPort());
        GatewayProcess third =
            GatewayProcess.start(
                "Redis/early",
                ONE.repo(),
                "--headgate.store.redis.uri=redis://127.0.0.1:" + proxy.port(),
                "--headgate.store.redis.min-replicas=1",
                "--headgate.state-dir=" + WithRedis.freshState())) {
      Caller atThird = new Caller(third::port);
      assertRefused(atThird, target, key);
      Response open = assertRan(atThird.post("/open/ok/" + fresh(), fresh()));
      assertThat(open.header("idempotency-status")).isEqualTo("unprotected");

      proxy.lead(redis.port());
      Eventually.holds(
          () -> assertThat(Scrape.of(third).sum("headgate_store_up", "store", "redis")).isOne());
      // Whether the store's limit or Redis' own ends the wait for a replica is a race.
      List<String> targets = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        targets.add("/pay/ok/" + fresh());
        assertRefused(atThird, targets.get(i), targets.get(i).substring(8));
      }

      try (RedisServer replica = redis.replica()) {
        Eventually.holds(() -> assertRan(atThird.post(target, key)));
        assertThat(atThird.post(target, key).header("idempotent-replayed")).isEqualTo("true");
        for (String one : targets) {
          assertThat(SERVICE.count(one)).isZero();
          Eventually.holds(() -> assertRan(atThird.post(one, one.substring(8))));
        }
        assertThat(replica.keys()).isNotEmpty();
      }
      third.assertNoLeakLogged();
    }
  }
}
