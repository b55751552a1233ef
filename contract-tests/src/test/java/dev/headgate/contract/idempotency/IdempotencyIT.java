package dev.headgate.contract.idempotency;

import static dev.headgate.contract.idempotency.Caller.assertError;
import static dev.headgate.contract.idempotency.Caller.assertRan;
import static dev.headgate.contract.idempotency.Caller.assertReplayed;
import static dev.headgate.contract.idempotency.Caller.fresh;
import static dev.headgate.contract.idempotency.Embedded.CALLER;
import static dev.headgate.contract.idempotency.Embedded.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request and its repeat: while the first runs, and after it. */
class IdempotencyIT {
  @RegisterExtension static final SharedGateway GATEWAY = Embedded.GATEWAY;

  @Test
  void aRepeatGetsTheStoredAnswerWithItsOwnRequestId() throws Exception {
    String target = "/pay/headers/" + fresh();
    String key = fresh();

    Response first = CALLER.post(target, key);
    Response again = assertReplayed(CALLER.post(target, key), first);

    assertThat(first.status()).isEqualTo(201);
    assertThat(first.header("idempotent-replayed")).isNull();
    for (String name : new String[] {"content-type", "location", "x-many", "set-cookie"}) {
      assertThat(again.headers(name)).as(name).isEqualTo(first.headers(name)).isNotEmpty();
    }
    assertThat(again.headers("x-request-id"))
        .hasSize(1)
        .doesNotContain("of-the-service", first.need("x-request-id"));
    assertThat(again.headers("date")).hasSizeLessThanOrEqualTo(1);
    assertThat(again.header("x-hop")).isNull();
    assertThat(again.header("keep-alive")).isNull();
    assertThat(again.headers("content-length"))
        .containsExactly(Integer.toString(again.body().length));
    assertThat(SERVICE.count(target)).isOne();
  }

  @Test
  void aReplayIsReadByPipelinedAndKeptConnections() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();
    Response first = assertRan(CALLER.post(target, key));

    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      for (int i = 0; i < 3; i++) {
        http.requestWithBody("POST " + target, Caller.BODY, Caller.withKey(key));
      }
      for (int i = 0; i < 3; i++) {
        assertReplayed(http.response("POST"), first);
      }
      assertRan(http.request("GET /pay/ok/" + fresh()).response("GET"));
    }
    assertThat(SERVICE.count(target)).isOne();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, ?a=1, application/json, 1, {\"amount\": 6}",
    "POST, ?a=1, application/json, 1, ''",
    "POST, ?a=2, application/json, 1, {\"amount\": 5}",
    "POST, '', application/json, 1, {\"amount\": 5}",
    "POST, /more?a=1, application/json, 1, {\"amount\": 5}",
    "POST, ?a=1, text/plain, 1, {\"amount\": 5}",
    "POST, ?a=1, application/json, 2, {\"amount\": 5}",
    "PATCH, ?a=1, application/json, 1, {\"amount\": 5}",
  })
  void anotherRequestMayNotUseTheKey(
      String method, String rest, String type, String version, String body) throws Exception {
    String path = "/versioned/ok/" + fresh();
    String key = fresh();
    Response first =
        assertRan(CALLER.send("POST " + path + "?a=1", key, Caller.BODY, "X-Version: 1"));

    Response other =
        CALLER.send(
            method + " " + path + rest,
            key,
            body,
            "X-Version: " + version,
            "Content-Type: " + type);

    assertError(other, 422, "IDEMPOTENCY_KEY_REUSED");
    assertReplayed(CALLER.send("POST " + path + "?a=1", key, Caller.BODY, "X-Version: 1"), first);
    assertThat(SERVICE.count(path)).isOne();
    assertThat(SERVICE.count(path + "/more")).isZero();
  }

  @Test
  void whatElseDiffersMakesNoOtherRequest() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();
    Response first = assertRan(CALLER.post(target, key, "Accept: text/plain", "X-Try: 1"));

    assertReplayed(CALLER.post(target, key, "Accept: application/json", "User-Agent: b"), first);
  }

  @Test
  void aRepeatWhileTheFirstRunsIsToldToComeAgain() throws Exception {
    String target = "/pay/held/" + fresh();
    String key = fresh();
    try (RawHttp http = CALLER.begin(target, key)) {
      SERVICE.await(target, 1);

      Response early = assertError(CALLER.post(target, key), 409, "IDEMPOTENCY_IN_PROGRESS");

      assertThat(Integer.parseInt(early.need("retry-after"))).isBetween(1, 60);
      SERVICE.release(target);
      Response first = assertRan(http.response("POST"));
      assertReplayed(CALLER.post(target, key), first);
    }
    assertThat(SERVICE.count(target)).isOne();
  }

  @Test
  void anotherRequestMayNotUseTheKeyOfOneThatRuns() throws Exception {
    String target = "/pay/held/" + fresh();
    String key = fresh();
    try (RawHttp http = CALLER.begin(target, key)) {
      SERVICE.await(target, 1);

      assertError(CALLER.send("POST " + target, key, "other"), 422, "IDEMPOTENCY_KEY_REUSED");

      SERVICE.release(target);
      assertRan(http.response("POST"));
    }
  }

  @Test
  void aRepeatThatMayWaitGetsTheAnswerOfTheFirst() throws Exception {
    String target = "/patient/held/" + fresh();
    String key = fresh();
    try (RawHttp http = CALLER.begin(target, key)) {
      SERVICE.await(target, 1);
      try (RawHttp one = CALLER.begin(target, key);
          RawHttp two = CALLER.begin(target, key)) {
        assertThat(one.endsWithin(Duration.ofMillis(300))).isFalse();
        one.readTimeout(Duration.ofSeconds(10));
        SERVICE.release(target);
        Response first = assertRan(http.response("POST"));
        assertReplayed(one.response("POST"), first);
        assertReplayed(two.response("POST"), first);
      }
    }
    assertThat(SERVICE.count(target)).isOne();
  }

  @Test
  void itWaitsNoLongerThanItMay() throws Exception {
    String target = "/impatient/held/" + fresh();
    String key = fresh();
    try (RawHttp http = CALLER.begin(target, key)) {
      SERVICE.await(target, 1);
      long start = System.nanoTime();

      Response early = assertError(CALLER.post(target, key), 409, "IDEMPOTENCY_IN_PROGRESS");

      assertThat((System.nanoTime() - start) / 1_000_000).isBetween(290L, 2_000L);
      early.need("retry-after");
      SERVICE.release(target);
      assertRan(http.response("POST"));
    }
  }

  @Test
  void aRepeatThatWaitsIsToldWhenTheOutcomeBecomesUnknown() throws Exception {
    String target = "/patient/partial-held/" + fresh();
    String key = fresh();
    try (RawHttp http = CALLER.begin(target, key)) {
      SERVICE.await(target, 1);
      try (RawHttp waiting = CALLER.begin(target, key)) {
        SERVICE.release(target);
        assertThat(http.response("POST").status()).isEqualTo(502);
        assertError(waiting.response("POST"), 409, "IDEMPOTENCY_OUTCOME_UNKNOWN");
      }
    }
    assertThat(SERVICE.count(target)).isOne();
  }

  @Test
  void manyAtOnceHaveOneEffect() throws Exception {
    String target = "/patient/ok/" + fresh();
    String key = fresh();
    RawHttp[] all = new RawHttp[24];
    for (int i = 0; i < all.length; i++) {
      all[i] = CALLER.begin(target, key);
    }
    String text = "";
    int ran = 0;
    for (RawHttp http : all) {
      Response response = http.response("POST");
      http.close();
      assertThat(response.status()).isEqualTo(200);
      ran += response.header("idempotent-replayed") == null ? 1 : 0;
      text = text.isEmpty() ? response.text() : text;
      assertThat(response.text()).isEqualTo(text);
    }
    assertThat(ran).isOne();
    assertThat(SERVICE.count(target)).isOne();
  }

  @Test
  void aClientThatLeavesAfterDispatchFindsTheAnswerWhenItComesBack() throws Exception {
    for (boolean byReset : new boolean[] {true, false}) {
      String target = "/pay/held/" + fresh();
      String key = fresh();
      RawHttp gone = CALLER.begin(target, key);
      SERVICE.await(target, 1);
      if (byReset) {
        gone.reset();
      } else {
        gone.close();
      }

      // Some requests later its leaving has been noticed, and the service has not answered yet.
      for (int i = 0; i < 5; i++) {
        assertError(CALLER.post(target, key), 409, "IDEMPOTENCY_IN_PROGRESS");
      }
      SERVICE.release(target);

      Eventually.holds(
          () ->
              assertThat(CALLER.post(target, key).header("idempotent-replayed")).isEqualTo("true"));
      assertThat(SERVICE.count(target)).isOne();
      assertThat(CALLER.post(target, key).text()).startsWith("effect ");
    }
  }

  @Test
  void aClientThatLeavesBeforeItHasSentAllLeavesTheKeyFree() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();
    RawHttp gone = RawHttp.to(GATEWAY.port());
    gone.request("POST " + target, withLength(key));
    gone.send(Caller.BODY.substring(1)).reset();

    assertRan(CALLER.post(target, key));

    assertThat(SERVICE.count(target)).isOne();
  }

  private static String[] withLength(String key) {
    return Caller.withKey(key, "Content-Length: " + Caller.BODY.length());
  }

  @Test
  void aKeyIsForgottenAfterItsTtl() throws Exception {
    String target = "/brief/ok/" + fresh();
    String key = fresh();
    Response first = assertRan(CALLER.post(target, key));
    assertReplayed(CALLER.post(target, key), first);

    Eventually.holds(() -> assertRan(CALLER.post(target, key)));

    assertThat(SERVICE.count(target)).isEqualTo(2);
  }

  @Test
  void keysOutliveAReload() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();
    Response first = assertRan(CALLER.post(target, key));

    GATEWAY
        .repo()
        .write("routes/more.yml", "routes: {more: {match: {path: /more}, respond: {body: more}}}");
    Eventually.holds(
        () -> assertThat(RawHttp.get(GATEWAY.port(), "/more").status()).isEqualTo(200));

    assertReplayed(CALLER.post(target, key), first);
  }

  @Test
  void aMountedRouteKnowsThemToo() throws Exception {
    String target = "/mounted/ok/" + fresh();
    String key = fresh();

    Response first = assertRan(CALLER.post(target, key));

    assertReplayed(CALLER.post(target, key), first);
    assertThat(SERVICE.count(target)).isOne();
  }
}
