package dev.headgate.contract.idempotency;

import static dev.headgate.contract.idempotency.Caller.assertError;
import static dev.headgate.contract.idempotency.Caller.assertRan;
import static dev.headgate.contract.idempotency.Caller.assertReplayed;
import static dev.headgate.contract.idempotency.Caller.fresh;
import static dev.headgate.contract.idempotency.Embedded.CALLER;
import static dev.headgate.contract.idempotency.Embedded.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key is, and whose. */
@Once
class IdempotencyKeyIT {
  @RegisterExtension static final SharedGateway GATEWAY = Embedded.GATEWAY;

  static Stream<String> keys() {
    return Stream.of(
        "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"",
        "8e03978e-40d5-43dd-bc93-6894a57f9324",
        "a",
        "\"a\"",
        "12345",
        "stripe-java-retry_1.x~",
        "!#$%&'*+-.^_`|~",
        "c2FsdA/kZXk+Zm9yZQ==",
        "\"a b\"",
        "\" \"",
        "\"a\\\"b\"",
        "\"a\\\\b\"",
        "\"/?:;,=<>@[]{}()\"",
        "a".repeat(255),
        '"' + "a".repeat(255) + '"',
        '"' + "\\\"".repeat(255) + '"');
  }

  static Stream<String> noKeys() {
    return Stream.of(
        "",
        "\"\"",
        "\"",
        "\"a",
        "a\"",
        "a b",
        "a, b",
        "\"a\", \"b\"",
        "\"a\" b",
        "\"a\\n\"",
        "\"a\\",
        "caf\u00e9",
        "\"caf\u00e9\"",
        "'a b'",
        "(\"a\")",
        "a".repeat(256),
        '"' + "a".repeat(256) + '"',
        '"' + "\\\\".repeat(256) + '"');
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aStringOrABareTokenIsAKey(String key) throws Exception {
    String target = "/pay/ok/" + fresh();
    String caller = "Authorization: Bearer " + fresh();

    Response first = assertRan(CALLER.post(target, key, caller));

    assertReplayed(CALLER.post(target, key, caller), first);
    assertThat(SERVICE.count(target)).isOne();
    assertThat(SERVICE.calls(target).get(0).headers("idempotency-key")).containsExactly(key);
  }

  @ParameterizedTest
  @MethodSource("noKeys")
  void whatIsNoKeyIsRefused(String key) throws Exception {
    for (String route : new String[] {"pay", "optional"}) {
      String target = "/" + route + "/ok/" + fresh();

      assertError(CALLER.post(target, key), 400, "IDEMPOTENCY_KEY_INVALID");

      assertThat(SERVICE.count(target)).isZero();
    }
  }

  @Test
  void aStringAndTheSameAsATokenAreOneKey() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();

    Response first = assertRan(CALLER.post(target, key));

    assertReplayed(CALLER.post(target, '"' + key + '"'), first);
  }

  @Test
  void keysDifferInCase() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();

    assertRan(CALLER.post(target, "a" + key));
    assertRan(CALLER.post(target, "A" + key));
  }

  @Test
  void twoFieldsThatSayTheSameAreOneKey() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();

    Response first = assertRan(CALLER.post(target, key, "Idempotency-Key: " + key));

    assertReplayed(CALLER.post(target, key), first);
  }

  @Test
  void twoFieldsThatDifferAreRefused() throws Exception {
    String target = "/pay/ok/" + fresh();

    Response refused = CALLER.post(target, fresh(), "Idempotency-Key: " + fresh());

    assertError(refused, 400, "IDEMPOTENCY_KEY_INVALID");
    assertThat(SERVICE.count(target)).isZero();
  }

  @Test
  void aKeyIsMissedWhereItIsRequired() throws Exception {
    String target = "/pay/ok/" + fresh();

    Response refused = RawHttp.callWithBody(GATEWAY.port(), "POST " + target, Caller.BODY);

    assertError(refused, 400, "IDEMPOTENCY_KEY_MISSING");
    assertThat(SERVICE.count(target)).isZero();
  }

  @Test
  void andNowhereElse() throws Exception {
    String target = "/optional/ok/" + fresh();

    assertRan(RawHttp.callWithBody(GATEWAY.port(), "POST " + target, Caller.BODY));
    assertRan(RawHttp.callWithBody(GATEWAY.port(), "POST " + target, Caller.BODY));

    assertThat(SERVICE.count(target)).isEqualTo(2);
  }

  @Test
  void aKeyThatIsNotRequiredCountsAllTheSame() throws Exception {
    String target = "/optional/ok/" + fresh();
    String key = fresh();

    Response first = assertRan(CALLER.post(target, key));

    assertReplayed(CALLER.post(target, key), first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "OPTIONS"})
  void methodsThatTheRouteDoesNotNameNeedNoneAndHaveNone(String method) throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();

    assertRan(RawHttp.callWithBody(GATEWAY.port(), method + " " + target, Caller.BODY));
    assertRan(CALLER.send(method + " " + target, key, Caller.BODY));
    assertRan(CALLER.send(method + " " + target, key, Caller.BODY));
    assertRan(CALLER.send(method + " " + target, "no key", Caller.BODY));

    assertThat(SERVICE.count(target)).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void whatIsOnlyReadNeedsNoneAndHasNone(String method) throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = "Idempotency-Key: " + fresh();

    assertRan(RawHttp.call(GATEWAY.port(), method + " " + target));
    assertRan(RawHttp.call(GATEWAY.port(), method + " " + target, key));
    assertRan(RawHttp.call(GATEWAY.port(), method + " " + target, key));
    assertRan(RawHttp.call(GATEWAY.port(), method + " " + target, "Idempotency-Key: no key"));

    assertThat(SERVICE.count(target)).isEqualTo(4);
  }

  @Test
  void thoseThatItNamesHave() throws Exception {
    for (String line : new String[] {"PATCH /pay/ok/", "PUT /puts/ok/"}) {
      String target = line + fresh();
      String key = fresh();

      Response first = assertRan(CALLER.send(target, key, Caller.BODY));

      assertReplayed(CALLER.send(target, key, Caller.BODY), first);
    }
  }

  @Test
  void aCallerIsItsCredential() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();

    Response ada = assertRan(CALLER.post(target, key, "Authorization: Bearer ada"));
    Response alan = assertRan(CALLER.post(target, key, "Authorization: Bearer alan"));

    assertThat(alan.text()).isNotEqualTo(ada.text());
    assertReplayed(CALLER.post(target, key, "Authorization: Bearer ada"), ada);
    assertReplayed(CALLER.post(target, key, "Authorization: Bearer alan"), alan);
  }

  @Test
  void orTheHeadersThatTheRouteNamesAndThoseAlone() throws Exception {
    String target = "/tenants/ok/" + fresh();
    String key = fresh();

    Response red = assertRan(CALLER.post(target, key, "X-Tenant: red"));
    Response blue = assertRan(CALLER.post(target, key, "X-Tenant: blue"));

    assertThat(blue.text()).isNotEqualTo(red.text());
    assertReplayed(CALLER.post(target, key, "X-Tenant: red", "Authorization: other"), red);
    assertReplayed(CALLER.post(target, key, "X-Tenant: blue"), blue);
  }

  @Test
  void oneTenantIsNotToldThatAnotherHasTheKey() throws Exception {
    String target = "/tenants/held/" + fresh();
    String key = fresh();

    try (RawHttp red = CALLER.begin(target, key, "X-Tenant: red")) {
      SERVICE.await(target, 1);
      try (RawHttp blue = CALLER.begin(target, key, "X-Tenant: blue")) {
        SERVICE.await(target, 2);
        SERVICE.release(target);
        SERVICE.release(target);
        assertRan(blue.response("POST"));
      }
      assertRan(red.response("POST"));
    }
  }

  @Test
  void noTenantCanPassForAnotherByWhereItsNameEnds() throws Exception {
    String target = "/pairs/ok/" + fresh();
    String key = fresh();

    assertRan(CALLER.post(target, key, "X-Tenant: a", "X-User: bc"));
    assertRan(CALLER.post(target, key, "X-Tenant: ab", "X-User: c"));
    assertRan(CALLER.post(target, key, "X-Tenant: a, bc", "X-User: "));
    assertRan(CALLER.post(target, key, "X-Tenant: ", "X-User: a, bc"));
    assertRan(CALLER.post(target, "\"c:" + key + '"', "X-Tenant: a", "X-User: b"));
    assertRan(CALLER.post(target, '"' + key + '"', "X-Tenant: a", "X-User: b:c"));
  }

  @Test
  void theAddressCountsWhereTheRouteSaysSo() throws Exception {
    for (String route : new String[] {"pay", "addresses"}) {
      String target = "/" + route + "/ok/" + fresh();
      String[] fields = Caller.withKey(fresh());
      Response first = assertRan(from("127.0.1.2", target, fields));

      Response other = from("127.0.1.3", target, fields);

      if (route.equals("pay")) {
        assertReplayed(other, first);
      } else {
        assertRan(other);
        assertReplayed(from("127.0.1.2", target, fields), first);
      }
    }
  }

  private static Response from(String address, String target, String... fields) throws Exception {
    try (RawHttp http = RawHttp.from(address, GATEWAY.port())) {
      return http.requestWithBody("POST " + target, Caller.BODY, fields).response("POST");
    }
  }

  @Test
  void routesShareANamespaceWhereBothNameIt() throws Exception {
    String target = "/both/ok/" + fresh();
    String key = fresh();

    Response first = assertRan(CALLER.post(target, key, "X-Side: one"));

    assertReplayed(CALLER.post(target, key, "X-Side: two"), first);
  }

  @Test
  void otherwiseEachHasItsOwn() throws Exception {
    String target = "/alone/ok/" + fresh();
    String key = fresh();

    assertRan(CALLER.post(target, key, "X-Side: one"));
    assertRan(CALLER.post(target, key, "X-Side: two"));
  }
}
