package dev.headgate.contract.idempotency;

import static dev.headgate.contract.idempotency.Caller.assertError;
import static dev.headgate.contract.idempotency.Caller.assertRan;
import static dev.headgate.contract.idempotency.Caller.assertReplayed;
import static dev.headgate.contract.idempotency.Caller.fresh;
import static dev.headgate.contract.idempotency.Embedded.CALLER;
import static dev.headgate.contract.idempotency.Embedded.SERVICE;
import static dev.headgate.contract.idempotency.Embedded.SPARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of an outcome: the answer, nothing, or that nobody knows. */
@Once
class IdempotencyOutcomeIT {
  @RegisterExtension static final SharedGateway GATEWAY = Embedded.GATEWAY;

  /** A repeat of a request whose outcome is unknown is refused, however often. */
  private static void assertUnknown(String target, String key) throws Exception {
    for (int i = 0; i < 2; i++) {
      assertError(CALLER.post(target, key), 409, "IDEMPOTENCY_OUTCOME_UNKNOWN");
    }
    assertThat(SERVICE.count(target)).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 202, 204, 301, 400, 401, 403, 404, 410, 422, 500, 501, 505})
  void whatTheServiceSaidIsStored(int status) throws Exception {
    String target = "/pay/status/" + status + "/" + fresh();
    String key = fresh();

    Response first = CALLER.post(target, key);

    assertThat(first.status()).isEqualTo(status);
    assertThat(first.header("idempotent-replayed")).isNull();
    assertReplayed(CALLER.post(target, key), first);
    assertThat(SERVICE.count(target)).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 425, 429, 503})
  void butNotThatItDidNothing(int status) throws Exception {
    String target = "/pay/once/" + status + "/" + fresh();
    String key = fresh();

    assertThat(CALLER.post(target, key).status()).isEqualTo(status);
    Response ran = assertRan(CALLER.post(target, key));
    assertReplayed(CALLER.post(target, key), ran);

    assertThat(SERVICE.count(target)).isEqualTo(2);
  }

  @Test
  void aRouteSaysForItselfWhatIsNothing() throws Exception {
    String released = "/teapot/once/418/" + fresh();
    String stored = "/teapot/once/503/" + fresh();
    String key = fresh();

    assertThat(CALLER.post(released, key).status()).isEqualTo(418);
    assertRan(CALLER.post(released, key));

    String other = fresh();
    Response first = CALLER.post(stored, other);
    assertThat(first.status()).isEqualTo(503);
    assertReplayed(CALLER.post(stored, other), first);
  }

  @Test
  void aKeyThatWasReleasedMayCarryAnotherRequest() throws Exception {
    String target = "/pay/once/503/" + fresh();
    String key = fresh();
    assertThat(CALLER.post(target, key).status()).isEqualTo(503);

    assertRan(CALLER.send("POST " + target, key, "other"));
  }

  @Test
  void aRefusedConnectionReleasesTheKey() throws Exception {
    String target = "/closed/ok/" + fresh();
    String key = fresh();

    assertError(CALLER.post(target, key), 502, "UPSTREAM_CONNECTION_REFUSED");
    assertError(CALLER.post(target, key), 502, "UPSTREAM_CONNECTION_REFUSED");
  }

  @Test
  void anOpenBreakerReleasesTheKey() throws Exception {
    for (int i = 0; i < 10; i++) {
      RawHttp.callWithBody(GATEWAY.port(), "POST /fragile/status/500/trip", Caller.BODY);
    }
    String target = "/fragile/ok/" + fresh();
    String key = fresh();

    assertError(CALLER.post(target, key), 503, "BREAKER_OPEN");
    assertError(CALLER.post(target, key), 503, "BREAKER_OPEN");

    assertThat(SERVICE.count(target)).isZero();
  }

  @Test
  void aFullBulkheadReleasesTheKey() throws Exception {
    String blocking = "/narrow/held/" + fresh();
    String target = "/narrow/ok/" + fresh();
    String key = fresh();
    try (RawHttp http = CALLER.begin(blocking, fresh())) {
      SERVICE.await(blocking, 1);
      assertError(CALLER.post(target, key), 503, "BULKHEAD_FULL");
      SERVICE.release(blocking);
      assertRan(http.response("POST"));
    }

    assertRan(CALLER.post(target, key));
    assertThat(SERVICE.count(target)).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 504})
  void whatAHopInBetweenMayHaveSaidIsPassedOnAndTheOutcomeUnknown(int status) throws Exception {
    String target = "/pay/status/" + status + "/" + fresh();
    String key = fresh();

    Response first = CALLER.post(target, key);

    assertThat(first.status()).isEqualTo(status);
    assertThat(first.text()).startsWith("effect ");
    assertUnknown(target, key);
  }

  @ParameterizedTest
  @CsvSource({
    "late, silent, 504, DEADLINE_EXCEEDED",
    "slow-try, silent, 504, UPSTREAM_TIMEOUT",
    "pay, reset-once, 502, UPSTREAM_RESET",
    "pay, partial, 502, UPSTREAM_PREMATURE_END",
  })
  void anEndAfterDispatchLeavesTheOutcomeUnknown(String route, String what, int status, String code)
      throws Exception {
    String target = "/" + route + "/" + what + "/" + fresh();
    String key = fresh();

    assertError(CALLER.post(target, key), status, code);

    assertUnknown(target, key);
  }

  @Test
  void anotherRequestMayNotUseTheKeyOfAnUnknownOutcome() throws Exception {
    for (String route : new String[] {"pay", "again"}) {
      String target = "/" + route + "/reset-once/" + fresh();
      String key = fresh();
      assertError(CALLER.post(target, key), 502, "UPSTREAM_RESET");

      assertError(CALLER.send("POST " + target, key, "other"), 422, "IDEMPOTENCY_KEY_REUSED");

      assertThat(SERVICE.count(target)).isOne();
    }
  }

  @Test
  void aServiceThatKnowsKeysItselfIsAskedAgain() throws Exception {
    String target = "/again/reset-once/" + fresh();
    String key = '"' + fresh() + '"';

    assertError(CALLER.post(target, key), 502, "UPSTREAM_RESET");
    Response ran = assertRan(CALLER.post(target, key));
    assertReplayed(CALLER.post(target, key), ran);

    assertThat(SERVICE.calls(target))
        .hasSize(2)
        .allSatisfy(call -> assertThat(call.headers("idempotency-key")).containsExactly(key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"once/502", "once/503", "reset-once"})
  void andTriedAgainByItself(String what) throws Exception {
    String target = "/retried/" + what + "/" + fresh();
    String key = fresh();

    Response ran = assertRan(CALLER.post(target, key));
    assertReplayed(CALLER.post(target, key), ran);

    assertThat(SERVICE.calls(target))
        .hasSize(2)
        .extracting(call -> call.header("idempotency-key"))
        .containsOnly(key);
  }

  @Test
  void thatItStaysUnknownIsNoReasonToForgetIt() throws Exception {
    String target = "/again/status/502/" + fresh();
    String key = fresh();

    for (int i = 1; i <= 3; i++) {
      assertThat(CALLER.post(target, key).status()).isEqualTo(502);
      assertThat(SERVICE.count(target)).isEqualTo(i);
    }
    assertError(CALLER.send("POST " + target, key, "other"), 422, "IDEMPOTENCY_KEY_REUSED");
  }

  @Test
  void aFixedFallbackIsNeverStored() throws Exception {
    String target = "/fixed/ok/" + fresh();
    String key = fresh();
    for (int i = 0; i < 2; i++) {
      Response calm = assertRan(CALLER.post(target, key));
      assertThat(calm.text()).isEqualTo("calm");
      assertThat(calm.header("x-headgate-fallback")).isEqualTo("UPSTREAM_CONNECTION_REFUSED");
    }
  }

  @Test
  void whatItStandsInForIs() throws Exception {
    String target = "/fixed-500/status/500/" + fresh();
    String key = fresh();
    for (int i = 0; i < 2; i++) {
      Response calm = CALLER.post(target, key);
      assertThat(calm.status()).isEqualTo(203);
      assertThat(calm.header("x-headgate-fallback")).isEqualTo("500");
    }
    assertThat(SERVICE.count(target)).isOne();
  }

  @Test
  void aFallbackDoesNotHideThatTheOutcomeIsUnknown() throws Exception {
    String target = "/fixed-late/silent/" + fresh();
    String key = fresh();

    assertThat(CALLER.post(target, key).text()).isEqualTo("calm");

    assertUnknown(target, key);
  }

  /** Whoever stands in has effects too. */
  @ParameterizedTest
  @CsvSource({"spare, ok", "spare-late, silent", "spare-502, status/502", "spare-502, reset-once"})
  void anotherUpstreamNeverMakesASecondEffect(String route, String what) throws Exception {
    String target = "/" + route + "/" + what + "/" + fresh();
    String key = fresh();

    for (int i = 0; i < 3; i++) {
      Response response = CALLER.post(target, key);
      assertThat(response.status()).as("%s", response).isLessThan(600);
    }

    assertThat(SERVICE.calls(target).stream().map(Received::target).toList())
        .as("effects at both: %s and %s", SERVICE.count(target), SPARE.count(target))
        .hasSizeLessThanOrEqualTo(1 - Math.min(1, SPARE.count(target)));
    assertThat(SPARE.count(target)).isLessThanOrEqualTo(1);
  }
}
