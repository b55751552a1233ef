package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.HttpDates.ago;
import static dev.headgate.contract.cache.Reply.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of what is stored whole (RFC 9110, section 14; RFC 9111, 3.3). */
@Once
class RangesIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private static final String FRESH = "Cache-Control: max-age=60";

  private final Page page = CacheGateway.plain();
  private final String changed = ago(1_000);

  /** Ten octets, fresh. */
  private Page stored(String... fields) throws Exception {
    String[] all = java.util.Arrays.copyOf(fields, fields.length + 1);
    all[fields.length] = FRESH;
    page.answers(Reply.body("0123456789", all)).get();
    return page;
  }

  private void assertWhole(String... fields) throws Exception {
    Response response = assertHit(page.get(fields));
    assertThat(response.status()).as("%s", response).isEqualTo(200);
    assertThat(response.text()).isEqualTo("0123456789");
    assertThat(response.header("content-range")).isNull();
    assertThat(page.count()).isOne();
  }

  private Response assertPart(String range, String text, String... fields) throws Exception {
    Response response = assertHit(page.get(fields));
    assertThat(response.status()).as("%s", response).isEqualTo(206);
    assertThat(response.need("content-range")).isEqualTo("bytes " + range + "/10");
    assertThat(response.text()).isEqualTo(text);
    assertThat(response.headers("content-length")).containsExactly(Integer.toString(text.length()));
    assertThat(page.count()).isOne();
    return response;
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=2-4, 2-4, 234",
    "bytes=0-0, 0-0, 0",
    "bytes=0-9, 0-9, 0123456789",
    "bytes=9-9, 9-9, 9",
    "bytes=5-, 5-9, 56789",
    "bytes=0-, 0-9, 0123456789",
    "bytes=8-100, 8-9, 89",
    "bytes=8-99999999999999999999, 8-9, 89",
    "bytes=-3, 7-9, 789",
    "bytes=-10, 0-9, 0123456789",
    "bytes=-100, 0-9, 0123456789",
    "Bytes=2-4, 2-4, 234",
  })
  void aRangeIsAnsweredWithThatPart(String range, String part, String text) throws Exception {
    stored();

    assertPart(part, text, "Range: " + range);
  }

  /** RFC 9110, 15.3.7. */
  @Test
  void aPartHasTheFieldsOfTheWhole() throws Exception {
    stored("ETag: \"a\"", "Last-Modified: " + changed, "X-A: 1", "Content-Type: a/b");

    Response part = assertPart("2-4", "234", "Range: bytes=2-4");

    for (String name : new String[] {"date", "cache-control", "etag", "x-a", "content-type"}) {
      assertThat(part.headers(name)).as(name).hasSize(1);
    }
  }

  /** RFC 9110, 15.5.17. */
  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=99999999999999999999-", "bytes=-0"})
  void aRangeBeyondTheEndIsAnsweredWith416(String range) throws Exception {
    Response response = stored().get("Range: " + range);

    assertThat(response.status()).as("%s", response).isEqualTo(416);
    assertThat(response.need("content-range")).isEqualTo("bytes */10");
    assertThat(page.count()).isOne();
  }

  /** RFC 9110, 14.2. */
  @Test
  void anUnknownUnitIsAnsweredWithTheWhole() throws Exception {
    stored();

    assertWhole("Range: lines=2-4");
  }

  /** RFC 9110, 14.2, lets a server refuse it, or leave it out; it is never a guess. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes",
        "bytes=",
        "bytes=a-b",
        "bytes=4-2",
        "bytes=2",
        "bytes=--2",
        "bytes=2-4-6",
        "bytes=2 - 4",
        "2-4"
      })
  void whatIsNoRangeIsNotAnsweredWithAPart(String range) throws Exception {
    Response response = stored().get("Range: " + range);

    assertThat(response.status()).as("%s", response).isIn(200, 416);
    assertThat(page.count()).isOne();
  }

  /** 14.2 lets a server leave out what would cost it too much. */
  @Test
  void severalRangesAreAnsweredWithTheWhole() throws Exception {
    stored();

    assertWhole("Range: bytes=0-1, 4-5");
  }

  /** RFC 9110, 13.1.5: by strong comparison. */
  @Test
  void ifRangeWithTheTagIsAnsweredWithThePart() throws Exception {
    stored("ETag: \"a\"");

    assertPart("2-4", "234", "Range: bytes=2-4", "If-Range: \"a\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"\"a\" | \"b\"", "\"a\" | W/\"a\"", "W/\"a\" | W/\"a\"", "\"a\" | a", "\"a\" | *"})
  void ifRangeWithAnotherWithTheWhole(String etag, String asked) throws Exception {
    stored("ETag: " + etag);

    assertWhole("Range: bytes=2-4", "If-Range: " + asked);
  }

  @Test
  void ifRangeWithTheDateOfTheLastChangeWithThePart() throws Exception {
    stored("Last-Modified: " + changed);

    assertPart("2-4", "234", "Range: bytes=2-4", "If-Range: " + changed);
  }

  @Test
  void ifRangeWithAnyOtherDateWithTheWhole() throws Exception {
    stored("Last-Modified: " + changed);

    assertWhole("Range: bytes=2-4", "If-Range: " + ago(10));
    assertWhole("Range: bytes=2-4", "If-Range: " + ago(2_000));
  }

  @Test
  void ifRangeWithoutARangeDoesNotCount() throws Exception {
    stored("ETag: \"a\"");

    assertWhole("If-Range: \"a\"");
  }

  /** RFC 9110, 13.2.2: conditions first. */
  @Test
  void aConditionGoesBeforeARange() throws Exception {
    stored("ETag: \"a\"");

    assertThat(page.get("Range: bytes=2-4", "If-None-Match: \"a\"").status()).isEqualTo(304);
    assertPart("2-4", "234", "Range: bytes=2-4", "If-None-Match: \"b\"");
  }

  /** RFC 9110, 14.2: only for GET. */
  @Test
  void aRangeOfHeadDoesNotCount() throws Exception {
    Response response = assertHit(stored().head("Range: bytes=2-4"));

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.need("content-length")).isEqualTo("10");
  }

  @Test
  void aRangeOfAnErrorIsTheWholeError() throws Exception {
    page.answers(status(404, FRESH)).get();

    Response response = assertHit(page.get("Range: bytes=0-1"));

    assertThat(response.status()).isEqualTo(404);
    assertThat(response.text()).isEqualTo("answer 1");
  }

  @Test
  void withNothingStoredTheServiceIsAskedForTheRange() throws Exception {
    page.answers(status(206, FRESH, "Content-Range: bytes 0-7/20", "ETag: \"a\""));

    Response response = page.get("Range: bytes=0-7", "If-Range: \"a\"");

    assertForwarded(response, "uri-miss");
    assertThat(response.status()).isEqualTo(206);
    assertThat(page.last().header("range")).isEqualTo("bytes=0-7");
    assertThat(page.last().header("if-range")).isEqualTo("\"a\"");
  }

  /** A 416 of the service is about that range alone. */
  @Test
  void a416IsNotStored() throws Exception {
    page.answers(status(416, FRESH, "Content-Range: bytes */5"), Reply.ok(FRESH));
    assertThat(page.get("Range: bytes=10-").status()).isEqualTo(416);

    assertThat(page.get().status()).isEqualTo(200);
  }

  /** Something is stored, but not fresh: the part comes from where the whole does. */
  @Test
  void aPartOfAStaleEntryIsNotServedUnasked() throws Exception {
    page.answers(Reply.body("0123456789", "Cache-Control: max-age=0", "ETag: \"a\"")).get();
    page.answers(Reply.body("abcdefghij", FRESH, "ETag: \"b\""));

    Response response = page.get("Range: bytes=2-4");

    assertThat(page.count()).isEqualTo(2);
    assertThat(response.text()).isIn("cde", "abcdefghij");
  }

  @Test
  void noPartOfNothing() throws Exception {
    page.answers(Reply.body("", FRESH)).get();

    assertThat(page.get("Range: bytes=0-").status()).isEqualTo(416);
  }
}
