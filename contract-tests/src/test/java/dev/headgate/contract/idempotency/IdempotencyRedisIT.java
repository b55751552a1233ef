package dev.headgate.contract.idempotency;

import static dev.headgate.contract.idempotency.Caller.assertError;
import static dev.headgate.contract.idempotency.Caller.assertRan;
import static dev.headgate.contract.idempotency.Caller.assertReplayed;
import static dev.headgate.contract.idempotency.Caller.fresh;
import static dev.headgate.contract.idempotency.WithRedis.AT_ONE;
import static dev.headgate.contract.idempotency.WithRedis.AT_TWO;
import static dev.headgate.contract.idempotency.WithRedis.REDIS;
import static dev.headgate.contract.idempotency.WithRedis.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.GatewayProcess;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.Scrape;
import dev.headgate.contract.harness.Secrets;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Signals;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys that two gateways share. */
class IdempotencyRedisIT {
  @RegisterExtension static final SharedGateway ONE = WithRedis.ONE;
  @RegisterExtension static final SharedGateway TWO = WithRedis.TWO;

  @BeforeEach
  void wellBefore() {
    WithRedis.awaitWell();
  }

  @Test
  void whatOneHasStoredTheOtherRepeats() throws Exception {
    for (List<Caller> order : List.of(List.of(AT_ONE, AT_TWO), List.of(AT_TWO, AT_ONE))) {
      String target = "/pay/large/300000/" + fresh();
      String key = fresh();

      Response first = assertRan(order.get(0).post(target, key));

      assertReplayed(order.get(1).post(target, key), first);
      assertReplayed(order.get(0).post(target, key), first);
      assertError(order.get(1).send("POST " + target, key, "b"), 422, "IDEMPOTENCY_KEY_REUSED");
      assertThat(SERVICE.count(target)).isOne();
    }
  }

  @Test
  void headersAndStatusesTravelToo() throws Exception {
    String target = "/pay/headers/" + fresh();
    String key = fresh();

    Response first = AT_ONE.post(target, key);
    Response again = assertReplayed(AT_TWO.post(target, key), first);

    assertThat(first.status()).isEqualTo(201);
    assertThat(again.headers("x-many")).containsExactly("a", "b");
    assertThat(again.header("location")).isEqualTo("/charges/1");
    assertThat(again.header("x-hop")).isNull();
  }

  @Test
  void whatRunsAtOneIsInProgressAtTheOther() throws Exception {
    String target = "/pay/held/" + fresh();
    String key = fresh();
    try (RawHttp http = AT_ONE.begin(target, key)) {
      SERVICE.await(target, 1);

      Response early = assertError(AT_TWO.post(target, key), 409, "IDEMPOTENCY_IN_PROGRESS");
      early.need("retry-after");
      assertError(AT_TWO.send("POST " + target, key, "b"), 422, "IDEMPOTENCY_KEY_REUSED");

      SERVICE.release(target);
      assertRan(http.response("POST"));
    }
  }

  @Test
  void aRepeatAtTheOtherWaitsForTheFirst() throws Exception {
    String target = "/patient/held/" + fresh();
    String key = fresh();
    try (RawHttp http = AT_ONE.begin(target, key)) {
      SERVICE.await(target, 1);
      try (RawHttp waiting = AT_TWO.begin(target, key)) {
        assertThat(waiting.endsWithin(Duration.ofMillis(200))).isFalse();
        waiting.readTimeout(Duration.ofSeconds(10));
        SERVICE.release(target);
        assertReplayed(waiting.response("POST"), assertRan(http.response("POST")));
      }
    }
    assertThat(SERVICE.count(target)).isOne();
  }

  @Test
  void manyAtBothHaveOneEffect() throws Exception {
    String target = "/patient/ok/" + fresh();
    String key = fresh();
    List<RawHttp> all = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      all.add((i % 2 == 0 ? AT_ONE : AT_TWO).begin(target, key));
    }
    Set<String> texts = new HashSet<>();
    for (RawHttp http : all) {
      Response response = http.response("POST");
      http.close();
      assertThat(response.status()).as("%s", response).isEqualTo(200);
      texts.add(response.text());
    }
    assertThat(texts).hasSize(1);
    assertThat(SERVICE.count(target)).isOne();
  }

  @Test
  void anUnknownOutcomeIsUnknownAtBoth() throws Exception {
    String target = "/pay/reset-once/" + fresh();
    String key = fresh();
    assertError(AT_ONE.post(target, key), 502, "UPSTREAM_RESET");

    assertError(AT_TWO.post(target, key), 409, "IDEMPOTENCY_OUTCOME_UNKNOWN");

    String query = "/actuator/idempotency?namespace=pay&caller=X-Tenant&key=" + key;
    int admin = TWO.process().adminPort();
    Response found = RawHttp.get(admin, query);
    assertThat(found.status()).as("%s", found).isEqualTo(200);
    assertThat(found.text()).containsIgnoringCase("unknown");
    assertThat(RawHttp.call(admin, "DELETE " + query).status()).isBetween(200, 204);
    assertRan(AT_ONE.post(target, key));
  }

  @Test
  void aServiceThatKnowsKeysItselfIsAskedAgainByEither() throws Exception {
    String target = "/again/reset-once/" + fresh();
    String key = fresh();
    assertError(AT_ONE.post(target, key), 502, "UPSTREAM_RESET");

    Response ran = assertRan(AT_TWO.post(target, key));

    assertReplayed(AT_ONE.post(target, key), ran);
  }

  @Test
  void whatIsReleasedAtOneIsFreeAtTheOther() throws Exception {
    String target = "/pay/once/503/" + fresh();
    String key = fresh();
    assertThat(AT_ONE.post(target, key).status()).isEqualTo(503);

    assertRan(AT_TWO.post(target, key));
  }

  @Test
  void scriptsThatRedisHasForgottenAreLoadedAgain() throws Exception {
    REDIS.ask("SCRIPT", "FLUSH");

    for (Caller caller : List.of(AT_ONE, AT_TWO)) {
      String target = "/pay/ok/" + fresh();
      String key = fresh();
      Response first = assertRan(caller.post(target, key));
      assertReplayed(caller.post(target, key), first);
    }
  }

  @Test
  void nothingIsKeptForEverAndEachKeyIsOneSlot() throws Exception {
    assertRan(AT_ONE.post("/pay/ok/" + fresh(), fresh()));

    assertThat(REDIS.keys())
        .isNotEmpty()
        .allSatisfy(
            name -> {
              assertThat(Long.parseLong(REDIS.ask("PTTL", name)))
                  .as(name)
                  .isBetween(1L, 24L * 3_600 * 1_000);
              assertThat(name).contains("{").contains("}");
            });
  }

  @Test
  void nothingOfWhatItKeepsIsReadableAtRest() throws Exception {
    String key = "key-" + fresh();
    String body = "card 4242 of " + fresh();
    String target = "/pay/headers/" + fresh();
    Response first = AT_ONE.send("POST " + target, key, body, "X-Tenant: red-" + key);
    assertThat(first.status()).isEqualTo(201);
    REDIS.ask("SET", "control", "to be seen", "EX", "60");

    String written = new String(REDIS.written(), StandardCharsets.ISO_8859_1);

    assertThat(written).contains("to be seen");
    for (String secret : List.of(key, body, target, first.text(), "/charges/1", "red-")) {
      assertThat(written).doesNotContain(secret);
    }
    assertThat(written).doesNotContain("session=" + Secrets.PLANTED);
    assertReplayed(AT_TWO.send("POST " + target, key, body, "X-Tenant: red-" + key), first);
  }

  @Test
  void anEntryThatMakesNoSenseIsAFailureOfTheStore() throws Exception {
    Set<String> before = new HashSet<>(REDIS.keys());
    String target = "/pay/ok/" + fresh();
    String key = fresh();
    assertRan(AT_ONE.post(target, key));
    List<String> fresh = REDIS.keys().stream().filter(name -> !before.contains(name)).toList();
    assertThat(fresh).isNotEmpty();

    for (String kind : new String[] {"string", "list", "hash"}) {
      for (String name : fresh) {
        REDIS.ask("DEL", name);
        switch (kind) {
          case "string" -> REDIS.ask("SET", name, "junk", "EX", "60");
          case "list" -> REDIS.ask("RPUSH", name, "junk");
          default -> REDIS.ask("HSET", name, "junk", "junk");
        }
      }
      for (Caller caller : List.of(AT_ONE, AT_TWO)) {
        Response refused = caller.post(target, key);
        assertError(refused, 503, "IDEMPOTENCY_STORE_UNAVAILABLE");
      }
    }
    assertThat(SERVICE.count(target)).isOne();
    fresh.forEach(name -> REDIS.ask("DEL", name));
    assertRan(AT_ONE.post(target, key));
  }

  @Test
  void theStoresCallsAreCounted() throws Exception {
    assertRan(AT_ONE.post("/pay/ok/" + fresh(), fresh()));

    Scrape now = Scrape.of(ONE.process());
    for (String call : new String[] {"claim", "settle"}) {
      assertThat(now.sum("headgate_store_calls_seconds_count", "store", "redis", "call", call))
          .as(call)
          .isPositive();
    }
    assertThat(now.sum("headgate_store_up", "store", "redis")).isOne();
  }

  @Test
  void theKeysOfAGatewayThatDiesBecomeUnknownWhenTheLeaseEnds() throws Exception {
    String target = "/pay/held/" + fresh();
    String key = fresh();
    try (GatewayProcess third =
        GatewayProcess.start(
            "Redis/dying", ONE.repo(), "--headgate.state-dir=" + WithRedis.freshState())) {
      Caller atThird = new Caller(third::port);
      try (RawHttp http = atThird.begin(target, key)) {
        SERVICE.await(target, 1);
        Signals.kill(third.process());
        assertThat(http.endsWithin(Duration.ofSeconds(5))).isTrue();
      }
      assertError(AT_TWO.post(target, key), 409, "IDEMPOTENCY_IN_PROGRESS");

      Response last = WithRedis.afterwards(AT_ONE, target, key);

      assertError(last, 409, "IDEMPOTENCY_OUTCOME_UNKNOWN");
      assertThat(SERVICE.count(target)).isOne();
    }
  }

  @Test
  void aGatewayThatWakesAfterItsLeaseCannotComplete() throws Exception {
    String target = "/pay/held/" + fresh();
    String key = fresh();
    try (RawHttp http = AT_TWO.begin(target, key)) {
      SERVICE.await(target, 1);
      Signals.stop(TWO.process().process());
      try {
        Response late = WithRedis.afterwards(AT_ONE, target, key);
        assertError(late, 409, "IDEMPOTENCY_OUTCOME_UNKNOWN");
        SERVICE.release(target);
      } finally {
        Signals.resume(TWO.process().process());
      }
      Response told = http.response("POST");

      if (told.status() == 200) {
        assertThat(told.header("idempotency-status")).as("%s", told).isEqualTo("not-stored");
      }
    }
    for (Caller caller : List.of(AT_ONE, AT_TWO)) {
      assertError(WithRedis.afterwards(caller, target, key), 409, "IDEMPOTENCY_OUTCOME_UNKNOWN");
    }
    assertThat(SERVICE.count(target)).isOne();
  }
}
