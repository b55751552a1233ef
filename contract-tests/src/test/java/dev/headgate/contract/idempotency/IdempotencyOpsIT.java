package dev.headgate.contract.idempotency;

import static dev.headgate.contract.idempotency.Caller.assertError;
import static dev.headgate.contract.idempotency.Caller.assertRan;
import static dev.headgate.contract.idempotency.Caller.assertReplayed;
import static dev.headgate.contract.idempotency.Caller.fresh;
import static dev.headgate.contract.idempotency.Embedded.CALLER;
import static dev.headgate.contract.idempotency.Embedded.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.Scrape;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Traces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What the people who run it see of keys, and can do. */
@Once
class IdempotencyOpsIT {
  @RegisterExtension static final SharedGateway GATEWAY = Embedded.GATEWAY;

  private static JsonNode logged(Response response) {
    return GATEWAY.process().awaitAccess(response.need("x-request-id")).path("idempotency");
  }

  private static void assertLogged(Response response, String outcome) {
    JsonNode field = logged(response);
    assertThat(field.path("outcome").asString("")).as("%s", field).isEqualTo(outcome);
    assertThat(field.path("key").asString("")).matches("[a-z0-9-]+:[A-Za-z0-9_-]{16,}");
  }

  private static Response admin(String method, String rest) throws Exception {
    return RawHttp.call(GATEWAY.process().adminPort(), method + " /actuator/idempotency" + rest);
  }

  @Test
  void theAccessLogNamesTheKeyAndWhatBecameOfIt() throws Exception {
    String target = "/pay/held/" + fresh();
    String key = fresh();
    try (RawHttp http = CALLER.begin(target, key)) {
      SERVICE.await(target, 1);
      assertLogged(CALLER.post(target, key), "in-progress");
      SERVICE.release(target);
      Response first = assertRan(http.response("POST"));
      assertLogged(first, "stored");
      Response again = CALLER.post(target, key);
      assertLogged(again, "replayed");
      assertThat(logged(again).path("key")).isEqualTo(logged(first).path("key"));
    }
    Response reused = CALLER.send("POST " + target, key, "other");
    assertLogged(reused, "reused");
    assertThat(GATEWAY.process().accessLines()).noneMatch(line -> line.contains(key));
  }

  @ParameterizedTest
  @CsvSource({
    "/pay/once/503/, released",
    "/closed/ok/, released",
    "/pay/reset-once/, unknown",
    "/small/large/5000/, too-large",
  })
  void howeverItEnded(String target, String outcome) throws Exception {
    assertLogged(CALLER.post(target + fresh(), fresh()), outcome);
  }

  @Test
  void requestsWithoutAKeyHaveNoSuchField() throws Exception {
    Response plain =
        RawHttp.callWithBody(GATEWAY.port(), "POST /optional/ok/" + fresh(), Caller.BODY);

    assertThat(logged(plain).isMissingNode()).isTrue();
  }

  @Test
  void anUnknownOutcomeIsFoundByItsNameInTheLogAndCleared() throws Exception {
    String target = "/tenants/reset-once/" + fresh();
    String key = fresh();
    Response first = CALLER.post(target, key, "X-Tenant: red");
    assertError(first, 502, "UPSTREAM_RESET");
    String name = "/" + logged(first).path("key").asString("");

    Response found = admin("GET", name);
    assertThat(found.status()).as("%s", found).isEqualTo(200);
    assertThat(found.text()).containsIgnoringCase("unknown");
    assertThat(found.text()).doesNotContain(key);
    assertError(CALLER.post(target, key, "X-Tenant: red"), 409, "IDEMPOTENCY_OUTCOME_UNKNOWN");

    assertThat(admin("DELETE", name).status()).isBetween(200, 204);

    assertThat(admin("GET", name).status()).isEqualTo(404);
    assertRan(CALLER.post(target, key, "X-Tenant: red"));
    assertThat(SERVICE.count(target)).isEqualTo(2);
  }

  @Test
  void aCallersNameMayHaveCommas() throws Exception {
    String target = "/tenants/ok/" + fresh();
    String key = fresh();
    assertRan(CALLER.post(target, key, "X-Tenant: red,green"));
    String query = "?namespace=tenants&key=" + key + "&caller=X-Tenant:";

    assertThat(admin("GET", query + "red").status()).isEqualTo(404);
    assertThat(admin("GET", query + "red,green").status()).isEqualTo(200);
  }

  @Test
  void orByWhatTheClientSent() throws Exception {
    String target = "/tenants/reset-once/" + fresh();
    String key = fresh();
    assertError(CALLER.post(target, key, "X-Tenant: red"), 502, "UPSTREAM_RESET");
    String query = "?namespace=tenants&key=" + key + "&caller=X-Tenant:";

    assertThat(admin("GET", query + "blue").status()).isEqualTo(404);
    Response found = admin("GET", query + "red");
    assertThat(found.status()).as("%s", found).isEqualTo(200);
    assertThat(found.text()).containsIgnoringCase("unknown");

    assertThat(admin("DELETE", query + "red").status()).isBetween(200, 204);

    assertRan(CALLER.post(target, key, "X-Tenant: red"));
  }

  @Test
  void aKeyThatNobodyHasIsNotFound() throws Exception {
    assertThat(admin("GET", "?namespace=tenants&key=" + fresh() + "&caller=X-Tenant:a").status())
        .isEqualTo(404);
    assertThat(admin("DELETE", "?namespace=tenants&key=" + fresh() + "&caller=X-Tenant:a").status())
        .isEqualTo(404);
  }

  @Test
  void theAdminApiIsNotForClients() throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/actuator/idempotency?namespace=pay&key=a");

    assertThat(response.status()).isEqualTo(404);
  }

  @Test
  void aClearedAnswerIsForgotten() throws Exception {
    String target = "/tenants/ok/" + fresh();
    String key = fresh();
    Response first = assertRan(CALLER.post(target, key, "X-Tenant: red"));
    String name = "/" + logged(first).path("key").asString("");
    assertThat(admin("GET", name).status()).isEqualTo(200);

    assertThat(admin("DELETE", name).status()).isBetween(200, 204);

    assertRan(CALLER.post(target, key, "X-Tenant: red"));
  }

  @Test
  void outcomesAndTheStoreAreCounted() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();
    Scrape before = Scrape.of(GATEWAY.process());
    String requests = "headgate_idempotency_requests_total";

    Response first = assertRan(CALLER.post(target, key));
    assertReplayed(CALLER.post(target, key), first);
    CALLER.send("POST " + target, key, "other");

    for (String outcome : new String[] {"stored", "replayed", "reused"}) {
      String[] labels = {"route", "pay", "outcome", outcome};
      Eventually.holds(
          () ->
              assertThat(Scrape.of(GATEWAY.process()).sum(requests, labels))
                  .as(outcome)
                  .isEqualTo(before.sum(requests, labels) + 1));
    }
    Scrape now = Scrape.of(GATEWAY.process());
    String[] claims = {"store", "embedded", "call", "claim"};
    assertThat(now.sum("headgate_store_calls_seconds_count", claims)).isPositive();
    assertThat(now.of("headgate_store_calls_seconds_bucket", claims)).isNotEmpty();
    assertThat(now.sum("headgate_store_calls_seconds_count", "call", "settle")).isPositive();
    assertThat(now.sum("headgate_store_up", "store", "embedded")).isOne();
    assertThat(now.sum("headgate_store_bytes")).isPositive();
    assertThat(now.sum("headgate_store_entries")).isPositive();
  }

  @Test
  void keysInFlightAreCountedAndThoseLeftUnknown() throws Exception {
    String inFlight = "headgate_idempotency_in_flight";
    String[] unknown = {"route", "pay", "outcome", "unknown"};
    String target = "/pay/held/" + fresh();
    double before = Scrape.of(GATEWAY.process()).sum(inFlight);
    try (RawHttp http = CALLER.begin(target, fresh())) {
      SERVICE.await(target, 1);
      assertThat(Scrape.of(GATEWAY.process()).sum(inFlight)).isEqualTo(before + 1);
      SERVICE.release(target);
      assertRan(http.response("POST"));
    }
    Eventually.holds(
        () -> assertThat(Scrape.of(GATEWAY.process()).sum(inFlight)).isEqualTo(before));

    String requests = "headgate_idempotency_requests_total";
    double left = Scrape.of(GATEWAY.process()).sum(requests, unknown);
    assertError(CALLER.post("/pay/reset-once/" + fresh(), fresh()), 502, "UPSTREAM_RESET");
    Eventually.holds(
        () -> assertThat(Scrape.of(GATEWAY.process()).sum(requests, unknown)).isEqualTo(left + 1));
  }

  @Test
  void tracesShowTheStoresCallsAndTheReplay() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();

    String first = Traces.idOf(assertRan(CALLER.post(target, key)), GATEWAY);
    String again = Traces.idOf(CALLER.post(target, key), GATEWAY);

    Eventually.holds(
        () ->
            assertThat(Embedded.TRACES.spans().tree(first))
                .contains("store claim", "store settle")
                .doesNotContain("idempotency-replayed"));
    Eventually.holds(
        () ->
            assertThat(Embedded.TRACES.spans().tree(again))
                .contains("store claim", "event idempotency-replayed")
                .doesNotContain("store settle", "CLIENT"));
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, application/json",
    "application/problem+json, application/problem+json",
  })
  void refusalsAreInTheFormThatTheClientReads(String accept, String type) throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();
    assertRan(CALLER.post(target, key));

    Response reused = CALLER.send("POST " + target, key, "other", "Accept: " + accept);
    Response invalid = CALLER.post(target, "no key", "Accept: " + accept);

    assertError(reused, 422, "IDEMPOTENCY_KEY_REUSED");
    assertError(invalid, 400, "IDEMPOTENCY_KEY_INVALID");
    for (Response response : new Response[] {reused, invalid}) {
      assertThat(response.need("content-type")).startsWith(type);
      String pointer = type.endsWith("problem+json") ? "/title" : "/error/message";
      assertThat(response.json().at(pointer).asString("")).as("%s", response).isNotBlank();
      assertThat(response.text()).contains(response.need("x-request-id")).doesNotContain(key);
    }
  }
}
