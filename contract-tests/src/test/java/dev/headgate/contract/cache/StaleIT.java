package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.CacheAssertions.assertStale;
import static dev.headgate.contract.cache.CacheAssertions.assertValidated;
import static dev.headgate.contract.cache.Reply.held;
import static dev.headgate.contract.cache.Reply.ok;
import static dev.headgate.contract.cache.Reply.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stale while the service is asked in the background (RFC 5861, section 3). */
@Once
class StaleIT {
  @RegisterExtension static final SharedGateway GATEWAY = StaleGateway.GATEWAY;

  /** 150 seconds old, and stale for 50. */
  private static Reply old(String directives, String... fields) {
    String[] all = java.util.Arrays.copyOf(fields, fields.length + 2);
    all[fields.length] = "Cache-Control: max-age=100" + directives;
    all[fields.length + 1] = "Age: 150";
    return ok(all);
  }

  private static final Reply NEW = ok("Cache-Control: max-age=1000");

  private final Page page = StaleGateway.page("/origin");
  private final Gate gate = new Gate();

  @Test
  void itIsAnsweredAtOnceAndRefreshedOnceInTheBackground() throws Exception {
    page.answers(old(", stale-while-revalidate=600"), held(gate, NEW)).get();

    for (int i = 0; i < 5; i++) {
      Response response = assertStale(page.get(), "stale-while-revalidate");
      assertThat(response.text()).isEqualTo("answer 1");
      assertThat(CacheStatus.of(response).ttl()).isBetween(-54L, -50L);
      assertThat(Integer.parseInt(response.need("age"))).isBetween(150, 154);
    }

    page.await(2);
    gate.open();
    Eventually.holds(() -> assertThat(page.get().text()).isEqualTo("answer 2"));
    assertHit(page);
    assertThat(page.count()).isEqualTo(2);
  }

  @Test
  void theClientThatStartedItMayLeave() throws Exception {
    page.answers(old(", stale-while-revalidate=600"), held(gate, NEW)).get();
    RawHttp http = page.begin("GET");
    assertStale(http.response("GET"), "stale-while-revalidate");
    page.await(2);
    http.reset();
    assertStale(page.get(), "stale-while-revalidate");

    gate.open();

    Eventually.holds(() -> assertHit(page.get()));
    assertThat(page.count()).isEqualTo(2);
  }

  @Test
  void itIsRefreshedByValidation() throws Exception {
    page.answers(
        old(", stale-while-revalidate=600", "ETag: \"a\""),
        Reply.notModified("ETag: \"a\"", "Cache-Control: max-age=1000", "Age: 0"));
    page.get();
    assertStale(page.get(), "stale-while-revalidate");

    Eventually.holds(() -> assertHit(page.get()));

    assertThat(page.received(2).header("if-none-match")).isEqualTo("\"a\"");
    assertThat(page.get().text()).isEqualTo("answer 1");
    assertThat(page.count()).isEqualTo(2);
  }

  /** What a client asks for itself alone is no part of what is asked for all. */
  @Test
  void theRefreshIsNotTheClientsRequest() throws Exception {
    page.answers(old(", stale-while-revalidate=600", "ETag: \"a\""), NEW).get();

    page.get("If-None-Match: \"x\"", "Range: bytes=0-1");
    page.await(2);

    assertThat(page.received(2).header("range")).isNull();
    assertThat(page.received(2).header("if-none-match")).isEqualTo("\"a\"");
    Eventually.holds(() -> assertThat(assertHit(page.get()).text()).isEqualTo("answer 2"));
  }

  @Test
  void headIsAnsweredStaleTooAndTheNextGetStartsTheRefresh() throws Exception {
    page.answers(old(", stale-while-revalidate=600", "ETag: \"a\""), NEW).get();

    assertStale(page.head(), "stale-while-revalidate");
    assertStale(page.get(), "stale-while-revalidate");

    page.await(2);
    Eventually.holds(() -> assertHit(page.get()));
  }

  @Test
  void aRefreshThatFailsLeavesTheEntry() throws Exception {
    page.answers(old(", stale-while-revalidate=600"), Reply.reset(), status(503), NEW).get();

    Eventually.holds(
        () -> {
          Response response = page.get();
          assertThat(response.status()).isEqualTo(200);
          assertThat(response.text()).isIn("answer 1", "answer 4");
          assertHit(response);
        });
    assertThat(page.get().text()).isEqualTo("answer 4");
  }

  @Test
  void beyondTheWindowTheServiceIsWaitedFor() throws Exception {
    page.answers(old(", stale-while-revalidate=10"), NEW).get();

    Response response = page.get();

    assertThat(CacheStatus.of(response).is("hit")).isFalse();
    assertThat(response.text()).isEqualTo("answer 2");
  }

  @Test
  void theRouteSaysItWhereTheServiceDoesNot() throws Exception {
    Page refreshed = StaleGateway.page("/refreshed").answers(old(""), NEW);
    refreshed.get();

    assertStale(refreshed.get(), "stale-while-revalidate");
    Eventually.holds(() -> assertThat(refreshed.get().text()).isEqualTo("answer 2"));
  }

  @Test
  void whatTheServiceSaysGoesBeforeTheRoute() throws Exception {
    Page refreshed = StaleGateway.page("/refreshed");
    refreshed.answers(old(", stale-while-revalidate=0", "ETag: \"a\""), NEW).get();

    assertThat(refreshed.get().text()).isEqualTo("answer 2");
  }

  /** RFC 9111, 4.2.4: neither route nor service may have it beside these. */
  @ParameterizedTest
  @ValueSource(strings = {"must-revalidate", "proxy-revalidate", "no-cache", "s-maxage=100"})
  void someDirectivesForbidIt(String directive) throws Exception {
    Page refreshed = StaleGateway.page("/refreshed");
    refreshed.answers(old(", " + directive, "ETag: \"a\""), NEW).get();
    page.answers(old(", stale-while-revalidate=600, " + directive, "ETag: \"a\""), NEW).get();

    for (Page each : new Page[] {refreshed, page}) {
      Response response = assertForwarded(each.get(), "stale");
      assertThat(response.text()).isEqualTo("answer 2");
    }
  }

  @Test
  void aClientThatWantsItFreshWaits() throws Exception {
    page.answers(old(", stale-while-revalidate=600"), NEW).get();

    assertForwarded(page.get("Cache-Control: no-cache"), "request");
    assertThat(page.get().text()).isEqualTo("answer 2");
  }

  /** Without leave a stale answer is never given (RFC 9111, 4.2.4). */
  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void withoutLeaveThereIsNoStaleAnswer(int code) throws Exception {
    page.answers(old("", "ETag: \"a\""), status(code)).get();

    assertThat(page.get().status()).isEqualTo(code);
  }

  @Test
  void ofBothWindowsTheFirstIsUsedWhileItLasts() throws Exception {
    String both = ", stale-while-revalidate=600, stale-if-error=6000";
    page.answers(old(both), status(503), status(503), NEW).get();

    assertStale(page.get(), "stale-while-revalidate");
    page.await(2);
    assertStale(page.get(), "stale-while-revalidate");
    Eventually.holds(() -> assertThat(page.get().text()).isEqualTo("answer 4"));
  }

  @Test
  void whatWasValidatedIsFreshForAllItsWindows() throws Exception {
    page.answers(
        old("", "ETag: \"a\""),
        Reply.notModified("ETag: \"a\"", "Age: 0", "Cache-Control: max-age=1000"));
    page.get();

    assertValidated(page.get());
    assertHit(page);
  }

  @ParameterizedTest
  @CsvSource({"abc", "-1", "1.5"})
  void aBrokenWindowIsNone(String window) throws Exception {
    page.answers(old(", stale-while-revalidate=" + window, "ETag: \"a\""), NEW).get();

    assertThat(page.get().text()).isEqualTo("answer 2");
  }
}
