package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.CacheAssertions.assertStale;
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

/** Stale where the service fails (RFC 5861, section 4; RFC 9111, 4.2.4). */
@Once
class StaleIfErrorIT {
  @RegisterExtension static final SharedGateway GATEWAY = StaleGateway.GATEWAY;

  private final Page page = StaleGateway.page("/origin");

  /** 150 seconds old, and stale for 50. */
  private static Reply old(String directives) {
    return ok("Cache-Control: max-age=100" + directives, "Age: 150", "ETag: \"a\"");
  }

  /** The stored answer, {@code answered} by the service or, where it is null, not. */
  private static Response assertStandsIn(
      Response response, @org.jspecify.annotations.Nullable String answered) {
    CacheStatus status = CacheStatus.of(response);
    assertThat(response.status()).as("%s", response).isEqualTo(200);
    assertThat(response.text()).isEqualTo("answer 1");
    assertThat(status.get("fwd")).as("%s", response).isEqualTo("stale");
    assertThat(status.get("fwd-status")).as("%s", response).isEqualTo(answered);
    assertThat(status.get("detail")).isEqualTo("stale-if-error");
    assertThat(status.ttl()).isBetween(-60L, -50L);
    assertThat(Integer.parseInt(response.need("age"))).isBetween(150, 160);
    return response;
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void theStatusesOfAFailureAreStoodInFor(int code) throws Exception {
    page.answers(old(", stale-if-error=600"), status(code)).get();

    for (int i = 2; i < 4; i++) {
      assertStandsIn(page.get(), Integer.toString(code));
      assertThat(page.count()).isEqualTo(i);
    }
  }

  /** Even where they may be stored themselves. */
  @Test
  void aFailureThatIsFreshReplacesNothing() throws Exception {
    Reply failure = status(503, "Cache-Control: max-age=60");
    page.answers(old(", stale-if-error=600"), failure).get();

    assertStandsIn(page.get(), "503");
    assertStandsIn(page.get(), "503");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 410, 429, 501, 505})
  void otherStatusesArePassedOn(int code) throws Exception {
    page.answers(old(", stale-if-error=600"), status(code)).get();

    assertThat(page.get().status()).isEqualTo(code);
  }

  @Test
  void aResetIsStoodInFor() throws Exception {
    page.answers(old(", stale-if-error=600"), Reply.reset()).get();

    assertStandsIn(page.get(), null);
  }

  @Test
  void soIsAnAnswerThatIsNone() throws Exception {
    Reply garbage =
        (connection, request, number) -> {
          connection.write("this is no HTTP\r\n\r\n");
          return false;
        };
    page.answers(old(", stale-if-error=600"), garbage).get();

    assertStandsIn(page.get(), null);
  }

  /** Of a try, and of the whole. */
  @ParameterizedTest
  @ValueSource(strings = {"/late-try", "/late"})
  void soIsALimitInTime(String prefix) throws Exception {
    Page late = StaleGateway.page(prefix).answers(old(""), Reply.silent());
    late.get();

    long start = System.nanoTime();
    assertStandsIn(late.get(), null);

    assertThat((System.nanoTime() - start) / 1_000_000).isBetween(300L, 5_000L);
  }

  @Test
  void soIsARefusedConnection() throws Exception {
    Page gone = Page.fresh(StaleGateway.GOING, GATEWAY::port, "/going").answers(old(""));
    gone.get();
    StaleGateway.GOING.close();

    assertStandsIn(gone.get(), null);
    assertStandsIn(gone.get(), null);
  }

  /** It is not asked at all. */
  @Test
  void soIsAnOpenBreaker() throws Exception {
    Page fragile = StaleGateway.page("/fragile").answers(old(""), status(500));
    fragile.get();
    Page failing = StaleGateway.page("/fragile").answers(status(500));
    for (int i = 0; i < 20; i++) {
      failing.get();
    }
    int before = fragile.count();
    assertThat(failing.get().errorCode()).isEqualTo("BREAKER_OPEN");

    Response response = assertStale(fragile.get(), "stale-if-error");

    assertThat(response.text()).isEqualTo("answer 1");
    assertThat(CacheStatus.of(response).get("fwd")).isNull();
    assertThat(fragile.count()).isEqualTo(before);
  }

  @Test
  void soIsAFullBulkhead() throws Exception {
    Gate gate = new Gate();
    Page narrow = StaleGateway.page("/narrow").answers(old(""));
    narrow.get();
    Page busy = StaleGateway.page("/narrow").answers(Reply.held(gate, ok()));
    try (RawHttp http = busy.begin("GET")) {
      busy.await(1);

      Response response = assertStale(narrow.get(), "stale-if-error");

      assertThat(response.text()).isEqualTo("answer 1");
      assertThat(narrow.count()).isOne();
      gate.open();
      assertThat(http.response("GET").status()).isEqualTo(200);
    }
  }

  @Test
  void beyondTheWindowTheFailureIsPassedOn() throws Exception {
    page.answers(old(", stale-if-error=10"), status(503)).get();

    assertThat(page.get().status()).isEqualTo(503);
  }

  @Test
  void theRouteSaysItWhereTheServiceDoesNot() throws Exception {
    Page erring = StaleGateway.page("/erring").answers(old(""), status(503));
    erring.get();

    assertStandsIn(erring.get(), "503");
  }

  @Test
  void whatTheServiceSaysGoesBeforeTheRoute() throws Exception {
    Page erring = StaleGateway.page("/erring").answers(old(", stale-if-error=0"), status(503));
    erring.get();

    assertThat(erring.get().status()).isEqualTo(503);
  }

  /** RFC 9111, 4.2.4: neither route, service nor client may have it beside these. */
  @ParameterizedTest
  @ValueSource(strings = {"must-revalidate", "proxy-revalidate", "no-cache", "s-maxage=100"})
  void someDirectivesForbidIt(String directive) throws Exception {
    Page erring = StaleGateway.page("/erring");
    erring.answers(old(", " + directive), status(503)).get();
    page.answers(old(", stale-if-error=600, " + directive), status(503)).get();

    for (Page each : new Page[] {erring, page}) {
      assertThat(each.get().status()).isEqualTo(503);
      assertThat(each.get("Cache-Control: stale-if-error=600").status()).isEqualTo(503);
    }
  }

  @Test
  void headIsStoodInForToo() throws Exception {
    page.answers(old(", stale-if-error=600"), status(503)).get();

    Response response = page.head();

    assertThat(response.status()).isEqualTo(200);
    assertThat(CacheStatus.of(response).get("detail")).isEqualTo("stale-if-error");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"If-None-Match: \"a\" | 304", "If-None-Match: \"b\" | 200"})
  void conditionsAreJudgedByWhatStandsIn(String condition, int code) throws Exception {
    page.answers(old(", stale-if-error=600"), status(503)).get();

    assertThat(page.get(condition).status()).isEqualTo(code);
  }

  @Test
  void aServiceThatIsWellAgainIsHeard() throws Exception {
    Reply fresh = ok("Cache-Control: max-age=60");
    page.answers(old(", stale-if-error=600"), status(503), fresh).get();
    assertStandsIn(page.get(), "503");

    assertThat(page.get().text()).isEqualTo("answer 3");

    assertHit(page);
  }

  /** RFC 9111, 5.2.1.4, is a wish; whoever has it sees at least that it was not met. */
  @Test
  void aClientThatWantsItFreshIsToldWhereItIsNot() throws Exception {
    Reply fresh = ok("Cache-Control: max-age=100, stale-if-error=600", "ETag: \"a\"");
    page.answers(fresh, status(503)).get();

    Response response = page.get("Cache-Control: no-cache");

    CacheStatus told = CacheStatus.of(response);
    assertThat(told.get("fwd")).isEqualTo("request");
    assertThat(told.get("fwd-status")).isEqualTo("503");
    assertThat(response.status() == 503 || "stale-if-error".equals(told.get("detail")))
        .as("%s", response)
        .isTrue();
  }
}
