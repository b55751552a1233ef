package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.CacheAssertions.assertUnconditional;
import static dev.headgate.contract.cache.CacheAssertions.assertValidated;
import static dev.headgate.contract.cache.HttpDates.ago;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts that are stored as such, and put together (RFC 9111, 3.3 and 3.4). */
@Once
class PartialIT {
  private static final String TEXT = "0123456789";
  private static final String FRESH = "Cache-Control: max-age=60";
  private static final String STALE = "Cache-Control: max-age=0";
  private static final String TAG = "ETag: \"a\"";

  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private final Page page = CacheGateway.plain();

  /** A part of {@link #TEXT}. */
  private static Reply part(int first, int last, String... fields) {
    return partOf(TEXT, first, last, fields);
  }

  private static Reply partOf(String text, int first, int last, String... fields) {
    return (connection, request, number) -> {
      String range = "Content-Range: bytes " + first + "-" + last + "/" + text.length();
      connection.write(
          Reply.head(206, range + "\r\nContent-Length: " + (last + 1 - first), fields));
      connection.write(text.substring(first, last + 1));
      return true;
    };
  }

  private Response stored(int first, int last, String... fields) throws Exception {
    page.answers(part(first, last, fields));
    Response response = page.get("Range: bytes=" + first + "-" + last);
    assertThat(response.status()).as("%s", response).isEqualTo(206);
    assertThat(response.text()).isEqualTo(TEXT.substring(first, last + 1));
    assertThat(CacheStatus.of(response).is("stored")).as("%s", response).isTrue();
    assertForwarded(response, "uri-miss");
    return response;
  }

  private void assertPart(Response response, int first, int last) {
    assertThat(response.status()).as("%s", response).isEqualTo(206);
    assertThat(response.need("content-range")).isEqualTo("bytes " + first + "-" + last + "/10");
    assertThat(response.need("content-length")).isEqualTo(Integer.toString(last + 1 - first));
    assertThat(response.text()).isEqualTo(TEXT.substring(first, last + 1));
  }

  private void assertAll(Response response) {
    assertThat(response.status()).as("%s", response).isEqualTo(200);
    assertThat(response.header("content-range")).as("%s", response).isNull();
    assertThat(response.need("content-length")).isEqualTo("10");
    assertThat(response.text()).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=2-6, 2, 6",
    "bytes=2-2, 2, 2",
    "bytes=4-6, 4, 6",
    "bytes=3-5, 3, 5",
  })
  void whatIsInItIsServedFromIt(String range, int first, int last) throws Exception {
    stored(2, 6, FRESH, TAG, "X-A: 1");

    Response again = assertHit(page.get("Range: " + range));

    assertPart(again, first, last);
    assertThat(again.need("x-a")).isEqualTo("1");
    assertThat(page.count()).isOne();
  }

  @ParameterizedTest
  @CsvSource({"bytes=5-, 5, 9", "bytes=-5, 5, 9", "bytes=7-100, 7, 9", "bytes=-1, 9, 9"})
  void alsoWhatIsCountedFromTheEnd(String range, int first, int last) throws Exception {
    stored(5, 9, FRESH);

    assertPart(assertHit(page.get("Range: " + range)), first, last);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=1-6", "bytes=2-7", "bytes=0-1", "bytes=7-", "bytes=-9", "bytes=0-"})
  void whatIsNotInItIsAskedFor(String range) throws Exception {
    stored(2, 6, FRESH, TAG);
    page.answers(part(0, 9, FRESH, TAG));

    Response response = page.get("Range: " + range);

    assertForwarded(response, "partial");
    assertThat(page.last().header("range")).isEqualTo(range);
    assertThat(page.count()).isEqualTo(2);
  }

  @Test
  void severalRangesAreAskedFor() throws Exception {
    stored(2, 6, FRESH);

    assertForwarded(page.get("Range: bytes=2-3,5-6"), "partial");
  }

  @Test
  void aPartIsNoAnswerToWhoeverWantsAll() throws Exception {
    stored(2, 6, FRESH, TAG);
    page.answers(Reply.body(TEXT, FRESH, TAG));

    Response all = page.get();

    assertForwarded(all, "partial");
    assertAll(all);
    assertThat(page.last().header("range")).isNull();
    assertAll(assertHit(page.get()));
    assertPart(assertHit(page.get("Range: bytes=0-9")), 0, 9);
  }

  @Test
  void norToHead() throws Exception {
    stored(0, 6, FRESH, TAG);
    page.answers(Reply.body(TEXT, FRESH, TAG));

    assertThat(page.head("Range: bytes=0-1").status()).isEqualTo(200);
    assertThat(page.count()).isEqualTo(2);
  }

  @Test
  void norToWhoeverWantsOnlyWhatIsCached() throws Exception {
    stored(2, 6, FRESH, TAG);

    assertThat(page.get("Cache-Control: only-if-cached").status()).isEqualTo(504);
    assertPart(assertHit(page.get("Cache-Control: only-if-cached", "Range: bytes=2-6")), 2, 6);
  }

  /** RFC 9110, 13.1.5. */
  @Test
  void itIsServedByIfRangeOnlyWhereThatHolds() throws Exception {
    stored(2, 6, FRESH, TAG);

    assertPart(assertHit(page.get("Range: bytes=3-4", "If-Range: \"a\"")), 3, 4);
    page.answers(Reply.body(TEXT, FRESH, TAG));
    assertAll(page.get("Range: bytes=3-4", "If-Range: \"b\""));
  }

  @Test
  void aConditionIsAnsweredFromItToo() throws Exception {
    stored(2, 6, FRESH, TAG);

    assertThat(page.get("Range: bytes=3-4", "If-None-Match: \"a\"").status()).isEqualTo(304);
    assertThat(page.count()).isOne();
  }

  @Test
  void aStaleOneIsValidated() throws Exception {
    stored(2, 6, STALE, TAG);
    page.answers(Reply.notModified(FRESH, TAG));

    Response validated = assertValidated(page.get("Range: bytes=3-5"));

    assertPart(validated, 3, 5);
    assertThat(page.last().header("if-none-match")).isEqualTo("\"a\"");
    assertPart(assertHit(page.get("Range: bytes=2-6")), 2, 6);
  }

  @Test
  void andGivesWayToWhatIsNew() throws Exception {
    stored(2, 6, STALE, TAG);
    page.answers(Reply.body("abcdefghij", FRESH, "ETag: \"b\""));

    assertThat(page.get("Range: bytes=3-5").text()).isIn("def", "abcdefghij");
    assertThat(assertHit(page.get("Range: bytes=3-5")).text()).isEqualTo("def");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-None: bytes 0-7/20",
        "Content-Range: bytes 0-7/*",
        "Content-Range: bytes 0-20/20",
        "Content-Range: bytes 7-0/20",
        "Content-Range: bytes 0-6/20",
        "Content-Range: bytes 0-8/20",
        "Content-Range: lines 0-7/20",
        "Content-Range: bytes 0-7",
        "Content-Range: bytes 0-7/20\r\nContent-Range: bytes 1-8/20",
      })
  void oneOfWhichIsNotKnownWhatPartItIsIsNotStored(String range) throws Exception {
    page.answers(Reply.status(206, FRESH, range));
    Response first = page.get("Range: bytes=0-7");
    assertThat(first.status()).isEqualTo(206);
    assertThat(first.text()).isEqualTo("answer 1");

    assertThat(page.get("Range: bytes=0-7").text()).isEqualTo("answer 2");
  }

  @Test
  void norOneThatNobodyAskedFor() throws Exception {
    page.answers(part(2, 6, FRESH));

    page.get();
    page.get("Range: bytes=2-6");

    assertThat(page.count()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-store", "private", "max-age=0"})
  void whatForbidsToStoreTheWholeForbidsThePart(String said) throws Exception {
    page.answers(part(2, 6, "Cache-Control: " + said));

    page.get("Range: bytes=2-6");
    page.get("Range: bytes=2-6");

    assertThat(page.count()).isEqualTo(2);
  }

  /** What is whole stays, however many parts of it come by. */
  @Test
  void aPartTakesNothingsPlace() throws Exception {
    page.answers(Reply.body(TEXT, FRESH, TAG)).get();

    assertPart(assertHit(page.get("Range: bytes=2-6")), 2, 6);
    page.answers(part(0, 1, FRESH, TAG));
    page.get("Range: bytes=0-1", "Cache-Control: no-cache");
    assertAll(assertHit(page.get()));
  }

  /** It came although a part was asked for. */
  @Test
  void theWholeInThePlaceOfAPartIsStored() throws Exception {
    page.answers(Reply.body(TEXT, FRESH, TAG));

    Response first = page.get("Range: bytes=2-6");

    assertThat(CacheStatus.of(first).is("stored")).as("%s", first).isTrue();
    assertPart(assertHit(page.get("Range: bytes=2-6")), 2, 6);
    assertAll(assertHit(page.get()));
  }

  @Test
  void unsafeMethodsInvalidateIt() throws Exception {
    stored(2, 6, FRESH, TAG);
    page.on("POST", Reply.ok()).post();

    assertForwarded(page.get("Range: bytes=2-6"), "uri-miss");
  }

  // ---- putting together

  @Test
  void ofABeginningOnlyTheRestIsAskedFor() throws Exception {
    stored(0, 6, FRESH, TAG, "X-A: 1", "X-B: 1");
    page.answers(part(7, 9, FRESH, TAG, "X-A: 2"));

    Response all = page.get();

    assertForwarded(all, "partial");
    assertAll(all);
    assertThat(all.need("x-a")).isEqualTo("2");
    assertThat(all.need("x-b")).isEqualTo("1");
    assertThat(page.last().header("range")).isEqualTo("bytes=7-");
    assertThat(page.last().header("if-range")).isEqualTo("\"a\"");
    assertAll(assertHit(page.get()));
    assertPart(assertHit(page.get("Range: bytes=5-8")), 5, 8);
    assertThat(page.count()).isEqualTo(2);
  }

  /** 3.4: only by a strong validator. */
  @ParameterizedTest
  @ValueSource(strings = {"ETag: W/\"a\"", "X-None: 1"})
  void withoutAStrongTagAllOfItIs(String validator) throws Exception {
    stored(0, 6, FRESH, validator, "Last-Modified: " + ago(1_000));
    page.answers(Reply.body(TEXT, FRESH));

    assertAll(page.get());
    assertThat(page.last().header("range")).isNull();
    assertUnconditional(page.last());
  }

  @Test
  void whatHasChangedComesWhole() throws Exception {
    stored(0, 6, FRESH, TAG);
    page.answers(Reply.body("abcdefghij", FRESH, "ETag: \"b\""));

    assertThat(page.get().text()).isEqualTo("abcdefghij");
    assertThat(assertHit(page.get("Range: bytes=0-6")).text()).isEqualTo("abcdefg");
  }

  /** A service that does not look at {@code If-Range}, or is beside the point. */
  @Test
  void aRestThatDoesNotFitIsThrownAway() throws Exception {
    stored(0, 6, FRESH, TAG);
    page.answers(partOf("abcdefghij", 7, 9, FRESH, "ETag: \"b\""), Reply.body("abcdefghij", FRESH));

    Response all = page.get();

    assertThat(all.status()).isEqualTo(200);
    assertThat(all.text()).isEqualTo("abcdefghij");
    assertThat(page.last().header("range")).isNull();
    assertThat(page.count()).isEqualTo(3);
  }

  @Test
  void aRestThatEndsEarlyIsNotTakenForIt() throws Exception {
    stored(0, 6, FRESH, TAG);
    page.answers(
        (connection, request, number) -> {
          String range = "Content-Range: bytes 7-9/10\r\nContent-Length: 3";
          connection.write(Reply.head(206, range, FRESH, TAG) + "7");
          return false;
        });

    try (var http = page.begin("GET")) {
      assertThat(http.response("GET").complete()).isFalse();
    }
    page.answers(part(7, 9, FRESH, TAG));
    assertAll(page.get());
  }
}
