package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.CacheAssertions.assertStored;
import static dev.headgate.contract.cache.Reply.ok;
import static dev.headgate.contract.cache.Reply.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a change makes invalid (RFC 9111, section 4.4). */
@Once
class InvalidationIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private static final Reply FRESH = ok("Cache-Control: max-age=60");

  private final Page page = CacheGateway.plain().answers(FRESH);
  private final Page other = CacheGateway.plain().answers(FRESH);

  private static void assertGone(Page page, String... fields) throws Exception {
    int before = page.count();
    Response response = page.get(fields);
    assertThat(CacheStatus.of(response).is("hit")).as("%s", response).isFalse();
    assertThat(page.count()).isEqualTo(before + 1);
  }

  /** Methods whose safety nobody knows are among them. */
  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "NEWLY"})
  void aChangeTakesTheEntryAway(String method) throws Exception {
    assertStored(page.on(method, ok()));

    assertForwarded(page.send(method, "new"), "method");

    assertGone(page);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 299, 301, 302, 303, 307, 308})
  void anySuccessOrRedirectionDoes(int code) throws Exception {
    assertStored(page.on("POST", status(code)));

    page.post();

    assertGone(page);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 409, 412, 429, 500, 502, 503, 504})
  void anErrorDoesNot(int code) throws Exception {
    assertStored(page.on("POST", status(code, "Location: " + other.target())));
    assertStored(other);

    assertThat(page.post().status()).isEqualTo(code);

    assertHit(page);
    assertHit(other);
  }

  /** RFC 9110, 9.2.1. */
  @ParameterizedTest
  @ValueSource(strings = {"OPTIONS", "HEAD", "GET"})
  void safeMethodsDoNot(String method) throws Exception {
    assertStored(page.on("OPTIONS", ok()));

    page.call(method, "Cache-Control: no-store");

    assertHit(page);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Location", "Content-Location"})
  void whatTheAnswerNamesGoesToo(String field) throws Exception {
    assertStored(other);
    page.on("POST", status(201, field + ": " + other.target())).post();

    assertGone(other);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Location", "Content-Location"})
  void namedWithItsHostToo(String field) throws Exception {
    assertStored(other);
    page.on("POST", status(201, field + ": http://localhost" + other.target())).post();

    assertGone(other);
  }

  @Test
  void orRelativeToTheTarget() throws Exception {
    assertStored(other);
    String last = other.target().substring(other.target().lastIndexOf('/') + 1);
    page.on("POST", status(201, "Location: ./" + last + "#top")).post();

    assertGone(other);
  }

  @Test
  void bothFieldsCount() throws Exception {
    Page third = CacheGateway.plain().answers(FRESH);
    assertStored(other);
    assertStored(third);
    String location = "Location: " + other.target();
    page.on("PUT", status(201, location, "Content-Location: " + third.target())).send("PUT", "a");

    assertGone(other);
    assertGone(third);
  }

  /** Whoever may write at one host could else empty another's cache. */
  @ParameterizedTest
  @CsvSource({
    "other.example, http://other.example",
    "localhost:81, http://localhost:81",
    "other.example, //other.example",
    "localhost, https://localhost",
  })
  void entriesOfAnotherOriginStay(String host, String origin) throws Exception {
    assertStored(other, "Host: " + host);
    page.on("POST", status(201, "Location: " + origin + other.target())).post();

    assertHit(other, "Host: " + host);
  }

  @Test
  void theSamePathOfAnotherHostStays() throws Exception {
    assertStored(page, "Host: one.example");
    assertStored(page, "Host: two.example");

    page.on("POST", ok()).post("Host: one.example");

    assertGone(page, "Host: one.example");
    assertHit(page, "Host: two.example");
  }

  @Test
  void theSamePathWithAnotherQueryStays() throws Exception {
    Page asked = page.with("?a=1");
    assertStored(asked);
    assertStored(page);

    asked.on("POST", ok()).post();

    assertGone(asked);
    assertHit(page);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://[", "::", "%zz", "", "mailto:a@b"})
  void aLocationThatIsNoneChangesNothing(String location) throws Exception {
    assertStored(page.on("POST", status(201, "Location: " + location)));

    Response response = page.post();

    assertThat(response.status()).isEqualTo(201);
    assertGone(page);
  }

  @Test
  void allVariantsGo() throws Exception {
    page.answers(ok("Cache-Control: max-age=60", "Vary: X-Foo"));
    assertStored(page, "X-Foo: 1");
    assertStored(page, "X-Foo: 2");

    page.on("POST", ok()).post("X-Foo: 1");

    assertGone(page, "X-Foo: 1");
    assertGone(page, "X-Foo: 2");
  }

  @Test
  void allTenantsGo() throws Exception {
    Page tenants = CacheGateway.page("/tenants").answers(FRESH);
    assertStored(tenants, "X-Tenant: red");
    assertStored(tenants, "X-Tenant: blue");

    tenants.on("POST", ok()).post("X-Tenant: red");

    assertGone(tenants, "X-Tenant: red");
    assertGone(tenants, "X-Tenant: blue");
  }

  @Test
  void allVersionsGo() throws Exception {
    Page versioned = CacheGateway.page("/versioned").answers(FRESH);
    assertStored(versioned, "X-Version: 1");
    assertStored(versioned, "X-Version: 2");

    versioned.on("POST", ok()).post("X-Version: 2");

    assertGone(versioned, "X-Version: 1");
    assertGone(versioned, "X-Version: 2");
  }

  /** A path may be read on one route and written on another. */
  @Test
  void aChangeOnAnotherRouteCounts() throws Exception {
    Page split = CacheGateway.page("/split").answers(FRESH).on("PUT", ok());
    assertStored(split);

    split.send("PUT", "new");

    assertGone(split);
  }

  /** What was asked for before the change may be what was before it. */
  @Test
  void anAnswerUnderWayDuringAChangeIsNotKept() throws Exception {
    Gate gate = new Gate();
    page.answers(Reply.held(gate, FRESH), FRESH).on("POST", ok());
    try (RawHttp http = page.begin("GET")) {
      page.await(1);
      page.post();
      gate.open();
      assertThat(http.response("GET").text()).isEqualTo("answer 1");
    }

    assertThat(page.get().text()).isEqualTo("answer 3");
    assertThat(assertHit(page.get()).text()).isEqualTo("answer 3");
  }

  /** So with one whose first part is here already. */
  @Test
  void norOneWhoseBodyIsUnderWay() throws Exception {
    Gate gate = new Gate();
    page.answers(Reply.inTwo("old ", gate, "text", "Cache-Control: max-age=60"), FRESH);
    page.on("POST", ok());
    try (RawHttp http = page.begin("GET")) {
      page.await(1);
      page.post();
      gate.open();
      assertThat(http.response("GET").text()).isEqualTo("old text");
    }

    assertThat(page.get().text()).isEqualTo("answer 3");
  }

  /** 4.4: what is invalid may not be sent unless the service says that it holds. */
  @Test
  void whatIsInvalidIsNoStaleAnswerEither() throws Exception {
    Page erring = CacheGateway.page("/erring").answers(FRESH, status(503)).on("POST", ok());
    erring.get();
    erring.post();

    assertThat(erring.get().status()).isEqualTo(503);
  }

  @Test
  void aChangeThatIsCutOffTakesTheEntryAway() throws Exception {
    assertStored(page.on("POST", Reply.cutShort()));

    try (RawHttp http = page.begin("POST", "Content-Length: 0")) {
      http.response("POST");
    }

    assertGone(page);
  }
}
