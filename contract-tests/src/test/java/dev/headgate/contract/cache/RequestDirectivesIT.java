package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.CacheAssertions.assertStale;
import static dev.headgate.contract.cache.Reply.ok;
import static dev.headgate.contract.cache.Reply.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients ask of a cache (RFC 9111, sections 5.2.1 and 5.4). */
@Once
class RequestDirectivesIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private final Page page = CacheGateway.plain();

  /** 50 seconds old, and fresh for 50 more. */
  private Page fresh() throws Exception {
    page.answers(ok("Cache-Control: max-age=100", "Age: 50", "ETag: \"a\""));
    page.get();
    return page;
  }

  /** 150 seconds old, and stale for 50. */
  private Page stale(String... directives) throws Exception {
    String all = "Cache-Control: max-age=100" + String.join("", directives);
    page.answers(ok(all, "Age: 150", "ETag: \"a\""));
    page.get();
    return page;
  }

  private static Response assertAsked(Page page, String... fields) throws Exception {
    Response response = assertForwarded(page.get(fields), "request");
    assertThat(page.count()).isEqualTo(2);
    assertThat(response.text()).isEqualTo("answer 2");
    return response;
  }

  /** 5.2.1.1. */
  @Test
  void maxAgeAllowsWhatIsNoOlder() throws Exception {
    assertHit(fresh(), "Cache-Control: max-age=60");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"max-age=40", "max-age=0", "MAX-AGE=40", "max-age=\"40\"", "a=b, max-age=1"})
  void maxAgeForbidsWhatIsOlder(String directives) throws Exception {
    assertAsked(fresh(), "Cache-Control: " + directives);
  }

  /** 5.2.1.3. */
  @Test
  void minFreshAllowsWhatWillBeFresh() throws Exception {
    assertHit(fresh(), "Cache-Control: min-fresh=40");
  }

  @Test
  void minFreshForbidsWhatWillNot() throws Exception {
    assertAsked(fresh(), "Cache-Control: min-fresh=60");
  }

  /** 5.2.1.2. */
  @ParameterizedTest
  @ValueSource(strings = {"max-stale", "max-stale=60", "max-age=200, max-stale=60", "Max-Stale"})
  void maxStaleTakesWhatHasPassed(String directives) throws Exception {
    Response response = stale().get("Cache-Control: " + directives);

    assertStale(response, "max-stale");
    assertThat(response.text()).isEqualTo("answer 1");
    assertThat(CacheStatus.of(response).ttl()).isBetween(-54L, -50L);
    assertThat(Integer.parseInt(response.need("age"))).isBetween(150, 154);
    assertThat(page.count()).isOne();
  }

  @Test
  void maxStaleTakesNothingOlderThanItSays() throws Exception {
    assertForwarded(stale().get("Cache-Control: max-stale=40"), "stale");
    assertThat(page.count()).isEqualTo(2);
  }

  /** 4.2.4: no client may override these. */
  @ParameterizedTest
  @ValueSource(strings = {"must-revalidate", "proxy-revalidate", "no-cache", "s-maxage=100"})
  void maxStaleDoesNotOverrideTheService(String directive) throws Exception {
    Response response = stale(", " + directive).get("Cache-Control: max-stale");

    assertThat(CacheStatus.of(response).is("hit")).as("%s", response).isFalse();
    assertThat(page.count()).isEqualTo(2);
  }

  @Test
  void maxStaleMakesNoDifferenceToWhatIsFresh() throws Exception {
    assertHit(fresh(), "Cache-Control: max-stale=100");
  }

  /** 5.2.1.4. */
  @ParameterizedTest
  @ValueSource(strings = {"no-cache", "NO-CACHE", "max-stale, no-cache", "max-age=1000, no-cache"})
  void noCacheAsksTheService(String directives) throws Exception {
    assertAsked(fresh(), "Cache-Control: " + directives);
  }

  @Test
  void theAnswerToItIsStored() throws Exception {
    fresh().answers(ok("Cache-Control: max-age=100"));

    Response response = assertAsked(page, "Cache-Control: no-cache");

    assertThat(CacheStatus.of(response).is("stored")).isTrue();
    assertThat(assertHit(page.get()).text()).isEqualTo("answer 2");
  }

  @Test
  void aDirectiveOnASecondLineCounts() throws Exception {
    assertAsked(fresh(), "Cache-Control: max-age=1000", "Cache-Control: no-cache");
  }

  @Test
  void aQuotedNameIsNoDirective() throws Exception {
    assertHit(fresh(), "Cache-Control: ext=\"a, no-cache, b\"");
  }

  /** 5.2.1.5. */
  @Test
  void noStoreKeepsNothingOfTheAnswer() throws Exception {
    page.answers(ok("Cache-Control: max-age=100", "ETag: \"a\""));

    Response first = page.get("Cache-Control: no-store");
    Response next = page.get();

    assertThat(CacheStatus.of(first).is("stored")).isFalse();
    assertForwarded(next, "uri-miss");
    CacheAssertions.assertUnconditional(page.last());
  }

  @Test
  void noStoreLeavesWhatIsStored() throws Exception {
    fresh().get("Cache-Control: no-store");

    assertHit(page.get());
  }

  /** 5.2.1.7. */
  @Test
  void onlyIfCachedIsAnsweredFromTheStore() throws Exception {
    assertHit(fresh(), "Cache-Control: only-if-cached");
  }

  @Test
  void orWith504() throws Exception {
    page.answers(ok("Cache-Control: max-age=100"));

    assertNotCached(page.get("Cache-Control: only-if-cached"));

    assertThat(page.count()).isZero();
  }

  private static void assertNotCached(Response response) {
    assertThat(response.status()).as("%s", response).isEqualTo(504);
    assertThat(response.errorCode()).isEqualTo("NOT_CACHED");
    CacheStatus status = CacheStatus.of(response);
    assertThat(status.parameters()).containsOnlyKeys("detail");
    assertThat(status.get("detail")).isEqualTo("only-if-cached");
  }

  @Test
  void whatIsStaleIsNotEnoughForIt() throws Exception {
    assertNotCached(stale().get("Cache-Control: only-if-cached"));
    assertThat(page.count()).isOne();
  }

  @Test
  void unlessTheClientSaysSo() throws Exception {
    assertStale(stale().get("Cache-Control: only-if-cached, max-stale"), "max-stale");
    assertNotCached(page.get("Cache-Control: only-if-cached, max-stale=10"));
    assertThat(page.count()).isOne();
  }

  @Test
  void headIsAnsweredWith504Too() throws Exception {
    Response response = page.head("Cache-Control: only-if-cached");

    assertThat(response.status()).isEqualTo(504);
    assertThat(response.body()).isEmpty();
    assertThat(page.count()).isZero();
  }

  /** RFC 5861, 4: the directive is one of requests too. */
  @Test
  void staleIfErrorTakesWhatHasPassedWhereTheServiceFails() throws Exception {
    stale().answers(status(503));

    Response response = page.get("Cache-Control: stale-if-error=600");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("answer 1");
    assertThat(CacheStatus.of(response).get("detail")).isEqualTo("stale-if-error");
    assertThat(page.get().status()).isEqualTo(503);
    assertThat(page.get("Cache-Control: stale-if-error=10").status()).isEqualTo(503);
  }

  /** 5.4. */
  @ParameterizedTest
  @ValueSource(strings = {"no-cache", "No-Cache", "foo, no-cache"})
  void pragmaNoCacheAsksTheService(String pragma) throws Exception {
    assertAsked(fresh(), "Pragma: " + pragma);
  }

  @Test
  void pragmaDoesNotCountBesideCacheControl() throws Exception {
    assertHit(fresh(), "Pragma: no-cache", "Cache-Control: max-age=1000");
  }

  @Test
  void otherPragmasMeanNothing() throws Exception {
    assertHit(fresh(), "Pragma: foo");
  }

  @Test
  void theServiceIsToldWhatTheClientAsked() throws Exception {
    assertAsked(fresh(), "Cache-Control: no-cache, ext=1");

    assertThat(page.last().header("cache-control")).isEqualTo("no-cache, ext=1");
  }
}
