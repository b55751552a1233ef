package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.HttpDates.ago;
import static dev.headgate.contract.cache.HttpDates.in;
import static dev.headgate.contract.cache.Reply.notModified;
import static dev.headgate.contract.cache.Reply.ok;
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

/** The conditions of clients, judged by the cache (RFC 9111, section 4.3.2; RFC 9110, 13). */
@Once
class ConditionalIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private static final String STALE = "Cache-Control: max-age=0";
  private static final String FRESH = "Cache-Control: max-age=60";

  private final Page page = CacheGateway.plain();
  private final String changed = ago(1_000);

  /** Stores an answer that is fresh. */
  private Page fresh(String... fields) throws Exception {
    String[] all = java.util.Arrays.copyOf(fields, fields.length + 1);
    all[fields.length] = FRESH;
    page.answers(ok(all)).get();
    return page;
  }

  private Response assertNotModified(String... conditions) throws Exception {
    Response response = assertHit(page.get(conditions));
    assertThat(response.status()).as("%s", response).isEqualTo(304);
    assertThat(response.header("content-length")).isNull();
    assertThat(page.count()).isOne();
    return response;
  }

  private void assertWhole(String... conditions) throws Exception {
    Response response = assertHit(page.get(conditions));
    assertThat(response.status()).as("%s", response).isEqualTo(200);
    assertThat(response.text()).isEqualTo("answer 1");
    assertThat(page.count()).isOne();
  }

  /** RFC 9110, 13.1.2 and 8.8.3.2: by weak comparison. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"a\"   | \"a\"",
        "\"a\"   | W/\"a\"",
        "W/\"a\" | \"a\"",
        "W/\"a\" | W/\"a\"",
        "\"a\"   | \"x\", \"a\"",
        "\"a\"   | \"x\",W/\"y\" ,\t\"a\" , \"z\"",
        "\"a\"   | ,,\"a\",",
        "\"a,b\" | \"a\", \"a,b\"",
        "\"\"    | \"\"",
        "\"a\"   | *",
      })
  void aTagOfTheListIsAnsweredWith304(String etag, String asked) throws Exception {
    fresh("ETag: " + etag);

    assertNotModified("If-None-Match: " + asked);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"a\"   | \"b\"",
        "\"a\"   | \"A\"",
        "\"a\"   | \"ab\"",
        "\"a\"   | \"x\", \"y\"",
        "\"a\"   | \"x,a\"",
        "\"a\"   | \"*\"",
        "\"a,b\" | \"a\", \"b\"",
        "\"a\"   | \"\"",
      })
  void anyOtherWithTheWhole(String etag, String asked) throws Exception {
    fresh("ETag: " + etag);

    assertWhole("If-None-Match: " + asked);
  }

  @Test
  void linesOfIfNoneMatchAreOneList() throws Exception {
    fresh("ETag: \"a\"");

    assertNotModified("If-None-Match: \"x\"", "If-None-Match: \"a\"");
  }

  @Test
  void anythingStoredMatchesTheAsterisk() throws Exception {
    fresh();

    assertNotModified("If-None-Match: *");
  }

  @Test
  void aTagDoesNotMatchWhatHasNone() throws Exception {
    fresh();

    assertWhole("If-None-Match: \"a\"");
  }

  /** RFC 9110, 15.4.5. */
  @Test
  void a304HasTheFieldsThatItMustHave() throws Exception {
    String expires = "Expires: " + in(60);
    fresh("ETag: \"a\"", "Content-Location: /b", expires, "Vary: X-Foo", "Content-Type: a/b");

    Response response = assertNotModified("If-None-Match: \"a\"");

    for (String name :
        new String[] {"cache-control", "content-location", "date", "etag", "expires", "vary"}) {
      assertThat(response.headers(name)).as(name).hasSize(1);
    }
  }

  /** RFC 9110, 13.1.3. */
  @Test
  void noChangeSinceIsAnsweredWith304() throws Exception {
    fresh("Last-Modified: " + changed);

    assertNotModified("If-Modified-Since: " + changed);
    assertNotModified("If-Modified-Since: " + ago(10));
  }

  @Test
  void aChangeSinceWithTheWhole() throws Exception {
    fresh("Last-Modified: " + changed);

    assertWhole("If-Modified-Since: " + ago(2_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "0", "Sat, 01 Jan 2050 00:00:00 UTC", ""})
  void aConditionWithoutADateIsNone(String date) throws Exception {
    fresh("Last-Modified: " + changed);

    assertWhole("If-Modified-Since: " + date);
  }

  @Test
  void dateStandsInWhereNothingSaysWhenItChanged() throws Exception {
    fresh("Date: " + ago(20));

    assertWhole("If-Modified-Since: " + ago(40));
    assertNotModified("If-Modified-Since: " + ago(10));
  }

  /** RFC 9110, 13.1.3: where there are both, the date does not count. */
  @Test
  void theTagGoesBeforeTheDate() throws Exception {
    fresh("ETag: \"a\"", "Last-Modified: " + changed);

    assertWhole("If-None-Match: \"b\"", "If-Modified-Since: " + ago(10));
    assertNotModified("If-None-Match: \"a\"", "If-Modified-Since: " + ago(2_000));
  }

  /** RFC 9110, 13.2.1: conditions are for answers that would be 2xx. */
  @Test
  void whatIsNotThereIsNotUnmodified() throws Exception {
    page.answers(status(404, FRESH, "ETag: \"a\"")).get();

    Response response = assertHit(page.get("If-None-Match: \"a\""));

    assertThat(response.status()).isEqualTo(404);
  }

  @Test
  void headIsJudgedTheSame() throws Exception {
    fresh("ETag: \"a\"");

    assertThat(assertHit(page.head("If-None-Match: \"a\"")).status()).isEqualTo(304);
    assertThat(assertHit(page.head("If-None-Match: \"b\"")).status()).isEqualTo(200);
  }

  @Test
  void withNothingStoredTheServiceIsAskedAsTheClientAsks() throws Exception {
    page.answers(notModified("ETag: \"a\""));

    Response response = page.get("If-None-Match: \"x\", \"a\"", "If-Modified-Since: " + changed);

    assertForwarded(response, "uri-miss");
    assertThat(response.status()).isEqualTo(304);
    assertThat(page.last().headers("if-none-match")).containsExactly("\"x\", \"a\"");
    assertThat(page.last().headers("if-modified-since")).containsExactly(changed);
  }

  /** A 304 has no content to keep. */
  @Test
  void a304ForTheClientIsNotStored() throws Exception {
    page.answers(notModified("ETag: \"a\"", FRESH), ok(FRESH, "ETag: \"a\""));
    page.get("If-None-Match: \"a\"");

    Response response = assertForwarded(page.get(), "uri-miss");

    assertThat(response.text()).isEqualTo("answer 2");
  }

  @Test
  void a200ForSuchARequestIsStored() throws Exception {
    page.answers(ok(FRESH, "ETag: \"b\""));
    assertThat(page.get("If-None-Match: \"a\"").status()).isEqualTo(200);

    assertThat(assertHit(page.get()).text()).isEqualTo("answer 1");
  }

  /** Where something is stored its tag is asked about, and the client's is judged afterwards. */
  @Test
  void theEntrysTagReplacesTheClients() throws Exception {
    page.answers(ok(STALE, "ETag: \"a\""), notModified(STALE, "ETag: \"a\"")).get();

    Response other = page.get("If-None-Match: \"c\"");
    Response same = page.get("If-None-Match: \"a\"");

    assertThat(page.received(2).header("if-none-match")).contains("\"a\"");
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.text()).isEqualTo("answer 1");
    assertThat(same.status()).isEqualTo(304);
  }

  @Test
  void aNewAnswerIsJudgedByTheClientsTag() throws Exception {
    page.answers(ok(STALE, "ETag: \"a\""), ok(FRESH, "ETag: \"b\"")).get();

    Response response = page.get("If-None-Match: \"b\"");

    assertThat(response.status()).isEqualTo(304);
    assertThat(response.body()).isEmpty();
    assertThat(assertHit(page.get()).text()).isEqualTo("answer 2");
  }
}
