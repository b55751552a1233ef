package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertFreshFor;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.CacheAssertions.assertNotFresh;
import static dev.headgate.contract.cache.CacheAssertions.assertStored;
import static dev.headgate.contract.cache.HttpDates.ago;
import static dev.headgate.contract.cache.HttpDates.in;
import static dev.headgate.contract.cache.Reply.NO_DATE;
import static dev.headgate.contract.cache.Reply.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * For how long an answer is fresh, and how old it is (RFC 9111, section 4.2). Most answers come
 * with an Age, so that nothing has to grow old here.
 */
@Once
class FreshnessIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private final Page page = CacheGateway.plain();

  private Page directives(String cacheControl, String... more) {
    String[] fields = java.util.Arrays.copyOf(more, more.length + 1);
    fields[more.length] = "Cache-Control: " + cacheControl;
    return page.answers(ok(fields));
  }

  /** 4.2.1: the first that applies. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"s-maxage=100, max-age=10", "max-age=10, s-maxage=100", "S-MaxAge=100, Max-Age=1"})
  void sMaxageGoesBeforeMaxAge(String cacheControl) throws Exception {
    assertFreshFor(50, directives(cacheControl, "Age: 50", "Expires: " + ago(10)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s-maxage=10, max-age=100", "max-age=100, s-maxage=0"})
  void evenWhereItIsTheLess(String cacheControl) throws Exception {
    assertNotFresh(directives(cacheControl, "Age: 50", "Expires: " + in(1_000)));
  }

  @Test
  void maxAgeGoesBeforeExpires() throws Exception {
    assertFreshFor(100, directives("max-age=100", "Expires: " + ago(1_000)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"max-age=0", "max-age=49", "max-age=50", "must-revalidate, max-age=0"})
  void evenWhereThatIsTheLess(String cacheControl) throws Exception {
    assertNotFresh(directives(cacheControl, "Age: 50", "Expires: " + in(1_000)));
  }

  @Test
  void expiresCountsFromDate() throws Exception {
    assertFreshFor(40, page.answers(ok("Date: " + ago(60), "Expires: " + in(40))));
  }

  @Test
  void expiresCountsBesideDirectivesThatSayNothingOfIt() throws Exception {
    assertFreshFor(100, directives("public, foo=bar", "Expires: " + in(100)));
  }

  /** 4.2.1 takes Expires less Date, whatever the clock of the service is. */
  @Test
  void aServiceWhoseClockIsWrongIsHeededAsItMeansIt() throws Exception {
    page.answers(ok("Date: " + in(5_000), "Expires: " + in(5_100)));

    assertFreshFor(100, page);
  }

  @Test
  void expiresThatHasPassedIsStale() throws Exception {
    assertNotFresh(page.answers(ok("Date: " + ago(100), "Expires: " + ago(50))));
  }

  @Test
  void expiresEqualToDateIsStale() throws Exception {
    String now = HttpDates.now();
    assertNotFresh(page.answers(ok("Date: " + now, "Expires: " + now)));
  }

  /** RFC 9110, 6.6.1: an answer without Date is dated by who receives it. */
  @Test
  void anAnswerWithoutDateIsAsOldAsItsArrival() throws Exception {
    Response again = assertStored(page.answers(ok(NO_DATE, "Expires: " + in(100))));

    assertThat(CacheStatus.of(again).ttl()).isBetween(96L, 100L);
    assertThat(again.headers("date")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "yesterday", "2026-01-01T00:00:00Z", "Thu, 32 Jan 2026 00:00:00 GMT"})
  void anInvalidDateIsThatOfItsArrival(String date) throws Exception {
    assertFreshFor(100, directives("max-age=100", "Date: " + date));
  }

  /** 5.6.7 of RFC 9110: all three forms are read. */
  @Test
  void expiresIsReadInEachOfItsForms() throws Exception {
    assertFreshFor(100, page.answers(ok("Expires: " + in(100))));
    assertFreshFor(100, CacheGateway.plain().answers(ok("Expires: " + HttpDates.rfc850In(100))));
    assertFreshFor(100, CacheGateway.plain().answers(ok("Expires: " + HttpDates.asctimeIn(100))));
  }

  @Test
  void soIsDate() throws Exception {
    String old = "Date: " + HttpDates.rfc850In(-60);
    assertFreshFor(40, directives("max-age=100", old));
    String older = "Date: " + HttpDates.asctimeIn(-60);
    Page other = CacheGateway.plain().answers(ok("Cache-Control: max-age=100", older));
    assertFreshFor(40, other);
  }

  /** 4.2: letters of a date in any case. */
  @Test
  void expiresIsReadInAnyCase() throws Exception {
    String date = in(100);
    for (String text : new String[] {date.toUpperCase(java.util.Locale.ROOT), lower(date)}) {
      assertFreshFor(100, CacheGateway.plain().answers(ok("Expires: " + text)));
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(java.util.Locale.ROOT);
  }

  /** 4.2: a zone other than GMT is no valid date. */
  @ParameterizedTest
  @ValueSource(strings = {"UTC", "EST", "+0000", "Z", ""})
  void expiresInAnotherZoneIsStale(String zone) throws Exception {
    assertNotFresh(page.answers(ok("Expires: " + in(1_000).replace("GMT", zone).strip())));
  }

  /** 5.3: what is no date, 0 above all, is one that has passed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "never",
        "60",
        "2040-01-01T00:00:00Z",
        "Fri, 31 Feb 2040 00:00:00 GMT",
        "Sun, 01 Jan 2040 24:01:00 GMT",
        "Sun, 01 Jan 40 00:00:00 GMT",
        "01 Jan 2040 00:00:00 GMT",
        "Sun, 1 Jan 2040 00:00:00 GMT",
        "Sun 01 Jan 2040 00:00:00 GMT",
        "Sun, 01-Jan-2040 00:00:00 GMT",
      })
  void expiresThatIsNoDateIsStale(String expires) throws Exception {
    String modified = "Last-Modified: " + ago(1_000_000);
    assertNotFresh(page.answers(ok("Expires: " + expires, modified)));
  }

  @Test
  void anEmptyExpiresIsStale() throws Exception {
    assertNotFresh(page.answers(ok("Expires:", "Last-Modified: " + ago(1_000_000))));
  }

  /** RFC 9110, 5.6.7: two digits are a year of the last fifty or the next. */
  @Test
  void aYearOfTwoDigitsThatWouldBeFarAwayHasPassed() throws Exception {
    assertNotFresh(page.answers(ok("Expires: Friday, 01-Jan-99 00:00:00 GMT")));
  }

  @Test
  void expiresFarAheadIsFresh() throws Exception {
    assertStored(page.answers(ok("Expires: Fri, 31 Dec 9999 23:59:59 GMT")));
  }

  /** 4.2.1: the first one, or stale; never the later. */
  @ParameterizedTest
  @CsvSource({"10, 1000", "0, 1000", "49, 50000"})
  void ofSeveralMaxAgesTheLaterDoesNotCount(int first, int later) throws Exception {
    assertNotFresh(directives("max-age=" + first + ", max-age=" + later, "Age: 50"));
  }

  @Test
  void norTheLaterLine() throws Exception {
    page.answers(ok("Cache-Control: max-age=10", "Cache-Control: max-age=1000", "Age: 50"));

    assertNotFresh(page);
  }

  @Test
  void norALaterExpires() throws Exception {
    assertNotFresh(page.answers(ok("Expires: " + ago(10), "Expires: " + in(1_000))));
  }

  /** 4.2.1: what is no number of seconds is stale, not a guess. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "max-age=abc",
        "max-age=-1",
        "max-age=-100",
        "max-age=",
        "max-age",
        "max-age=\"\"",
        "max-age=60.5",
        "max-age=1.5e3",
        "max-age=60s",
        "max-age=0x60",
        "max-age=+60",
        "max-age='60'",
        "max-age=6 0",
        "max-age= 60",
        "max-age =60",
        "s-maxage=abc, max-age=60",
        "s-maxage, max-age=60",
      })
  void brokenFreshnessIsStale(String cacheControl) throws Exception {
    assertNotFresh(
        directives(cacheControl, "Expires: " + in(1_000), "Last-Modified: " + ago(1_000_000)));
  }

  /** 5.2: the quoted form is read as the token is. */
  @ParameterizedTest
  @ValueSource(strings = {"max-age=\"100\"", "s-maxage=\"100\"", "max-age=0100", "max-age=00100"})
  void numbersMayBeQuotedAndHaveZeros(String cacheControl) throws Exception {
    assertFreshFor(50, directives(cacheControl, "Age: 50"));
  }

  /** 1.2.2: beyond what can be represented it is the most that can be. */
  @ParameterizedTest
  @ValueSource(
      strings = {"2147483648", "4294967297", "9223372036854775808", "99999999999999999999999999"})
  void hugeNumbersAreLongTimes(String seconds) throws Exception {
    Response again = assertStored(directives("max-age=" + seconds));

    assertThat(CacheStatus.of(again).ttl()).isGreaterThan(2_147_483_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MAX-AGE=100",
        "Max-Age=100, PUBLIC",
        "max-age=100,",
        ",, max-age=100 ,,",
        "public,max-age=100",
        "public \t,\t max-age=100",
        "min-vers=5, max-age=100, x",
        "x-max-age=0, max-age=100, s-maxage-x=0",
        "ext=\"a, no-store, b\", max-age=100",
        "ext=\"max-age=0, \\\", private\", max-age=100",
        "max-age=100, ext=\"no-cache\"",
        "max-age=100, ext=no-store",
        "immutable, max-age=100",
        "community=\"UCI\", max-age=100",
      })
  void directivesAreReadAsTheirGrammarSays(String cacheControl) throws Exception {
    assertFreshFor(50, directives(cacheControl, "Age: 50"));
  }

  @Test
  void linesOfCacheControlAreOneList() throws Exception {
    page.answers(ok("Cache-Control: public", "cache-CONTROL: ext, max-age=100", "Age: 50"));

    assertFreshFor(50, page);
  }

  /** 5.4: it means nothing in an answer. */
  @Test
  void pragmaInAnAnswerDoesNotCount() throws Exception {
    assertFreshFor(100, directives("max-age=100", "Pragma: no-cache"));
  }

  @Test
  void ageIsWhatTheServiceTellsAndTheTimeSince() throws Exception {
    directives("max-age=1000", "Age: 50");
    page.get();

    Response soon = assertHit(page.get());
    assertThat(Integer.parseInt(soon.need("age"))).isBetween(50, 54);
    int at = Integer.parseInt(soon.need("age"));
    Eventually.holds(() -> assertThat(age(assertHit(page.get()))).isGreaterThan(at));
    Response later = assertHit(page.get());
    assertThat(CacheStatus.of(later).ttl() + age(later)).isBetween(999L, 1_000L);
  }

  private static int age(Response response) {
    return Integer.parseInt(response.need("age"));
  }

  /** 4.2.3: the apparent age. */
  @Test
  void anOldDateIsAnAge() throws Exception {
    Response again = assertStored(directives("max-age=1000", "Date: " + ago(400)));

    assertThat(age(again)).isBetween(399, 404);
    assertNotFresh(
        CacheGateway.plain().answers(ok("Cache-Control: max-age=300", "Date: " + ago(400))));
  }

  @ParameterizedTest
  @CsvSource({"400, 100", "100, 400"})
  void ofDateAndAgeTheOlderCounts(int date, int age) throws Exception {
    directives("max-age=1000", "Date: " + ago(date), "Age: " + age);

    assertFreshFor(600, page);
  }

  @Test
  void aDateAheadIsNoAge() throws Exception {
    Response again = assertStored(directives("max-age=100", "Date: " + in(400)));

    assertThat(age(again)).isBetween(0, 4);
  }

  /** 4.2.3: the answer may have aged on its way. */
  @Test
  void theTimeTheServiceTookIsPartOfTheAge() throws Exception {
    page.answers(
        (connection, request, number) ->
            ok("Cache-Control: max-age=100", "Age: 10", "Date: " + in(10))
                .play(connection.pause(Duration.ofMillis(2_100)), request, number));

    assertThat(age(assertStored(page))).isBetween(12, 16);
  }

  /** 5.1: the first member; what is no number does not count. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "50, 0       | 50",
        "50, 7200    | 50",
        "0, 7200     | 100",
        "abc         | 100",
        "-50         | 100",
        "1.5         | 100",
        "7200.0      | 100",
        "abc, 7200   | 100",
        "7200;a=b    | 100",
        "\"50\"      | 100",
        "0050        | 50",
      })
  void ageIsReadLeniently(String age, int left) throws Exception {
    Response again = assertStored(directives("max-age=100", "Age: " + age));

    assertThat(CacheStatus.of(again).ttl()).isBetween(left - 4L, (long) left);
    assertThat(again.headers("age")).hasSize(1);
  }

  @Test
  void ofTwoLinesOfAgeTheFirstCounts() throws Exception {
    assertFreshFor(50, directives("max-age=100", "Age: 50", "Age: 0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"101", "2147483648", "4294967296", "99999999999999999999999999"})
  void anAgeBeyondTheLifetimeIsStale(String age) throws Exception {
    assertNotFresh(directives("max-age=100", "Age: " + age));
  }

  /** 5.1: Age says that an answer was not made for this request. */
  @Test
  void aForwardedAnswerHasNoAgeOfOurs() throws Exception {
    Response first = directives("max-age=100").get();

    assertForwarded(first, "uri-miss");
    assertThat(first.header("age")).isNull();
  }

  @Test
  void whatWasFreshBecomesStale() throws Exception {
    directives("max-age=2");
    page.get();
    assertHit(page.get());

    Eventually.holds(() -> assertForwarded(page.get(), "stale"));
  }
}
