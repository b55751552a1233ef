package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertFreshFor;
import static dev.headgate.contract.cache.CacheAssertions.assertNotFresh;
import static dev.headgate.contract.cache.CacheAssertions.assertNotStored;
import static dev.headgate.contract.cache.CacheAssertions.assertStored;
import static dev.headgate.contract.cache.HttpDates.ago;
import static dev.headgate.contract.cache.HttpDates.in;
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

/**
 * How long an answer is fresh that does not say so: guessed (RFC 9111, section 4.2.2), or what the
 * route says.
 */
@Once
class HeuristicsIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private final Page page = CacheGateway.plain();
  private final Page lasting = CacheGateway.page("/lasting");

  @Test
  void aTenthOfTheTimeSinceItsLastChange() throws Exception {
    assertFreshFor(1_000, page.answers(ok("Last-Modified: " + ago(10_000))));
  }

  @Test
  void countedFromDate() throws Exception {
    page.answers(ok("Date: " + ago(100), "Last-Modified: " + ago(5_100)));

    assertFreshFor(400, page);
  }

  @Test
  void butNoMoreThanADay() throws Exception {
    Response again = assertStored(page.answers(ok("Last-Modified: " + ago(100_000_000))));

    assertThat(CacheStatus.of(again).ttl()).isBetween(86_390L, 86_400L);
  }

  @Test
  void noneWithoutLastModified() throws Exception {
    assertNotFresh(page.answers(ok("ETag: \"a\"")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "yesterday", "Sat, 01 Jan 2000 00:00:00 UTC"})
  void noneForALastModifiedThatIsNoDate(String date) throws Exception {
    assertNotFresh(page.answers(ok("Last-Modified: " + date)));
  }

  @Test
  void noneForAChangeThatIsYetToCome() throws Exception {
    assertNotFresh(page.answers(ok("Last-Modified: " + in(10_000))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cache-Control: max-age=0",
        "Cache-Control: s-maxage=0",
        "Cache-Control: no-cache",
        "Expires: 0",
        "Cache-Control: max-age=never",
      })
  void noneWhereTheServiceSaysIt(String field) throws Exception {
    assertNotFresh(page.answers(ok("Last-Modified: " + ago(1_000_000), field)));
    assertNotFresh(lasting.answers(ok(field)));
  }

  @Test
  void nothingAtAllIsNotStored() throws Exception {
    assertNotStored(page.answers(ok()));
  }

  @Test
  void theRouteSaysHowLongWhereTheServiceDoesNot() throws Exception {
    assertFreshFor(60, lasting.answers(ok()));
  }

  @Test
  void whatTheRouteSaysGoesBeforeAGuess() throws Exception {
    assertFreshFor(60, lasting.answers(ok("Last-Modified: " + ago(100_000))));
  }

  @Test
  void whatTheServiceSaysGoesBeforeTheRoute() throws Exception {
    assertFreshFor(1_000, lasting.answers(ok("Cache-Control: max-age=1000")));
  }

  @Test
  void whatTheRouteSaysIsLessTheAge() throws Exception {
    assertFreshFor(20, lasting.answers(ok("Age: 40")));
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 302, 400, 403, 500, 503})
  void itHoldsForNoOtherStatuses(int code) throws Exception {
    assertNotStored(lasting.answers(status(code)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Cache-Control: no-store", "Cache-Control: private", "Set-Cookie: a=b"})
  void norForWhatMayNotBeStored(String field) throws Exception {
    assertNotStored(lasting.answers(ok(field)));
  }

  /** RFC 9111, 3.5. */
  @Test
  void norForCallersWithCredentials() throws Exception {
    assertNotStored(lasting.answers(ok()), "Authorization: Basic QTpi");
  }
}
