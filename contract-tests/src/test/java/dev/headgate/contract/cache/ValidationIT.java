package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.CacheAssertions.assertUnconditional;
import static dev.headgate.contract.cache.CacheAssertions.assertValidated;
import static dev.headgate.contract.cache.HttpDates.ago;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Asking the service whether what is stored still holds (RFC 9111, sections 4.3.1 to 4.3.5). */
@Once
class ValidationIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private static final String STALE = "Cache-Control: max-age=0";
  private static final String FRESH = "Cache-Control: max-age=60";
  private static final String ETAG = "ETag: \"a\"";

  private final Page page = CacheGateway.plain();

  /** Stores a first answer, to be validated by what comes then. */
  private Page first(Reply reply, Reply... then) throws Exception {
    page.answers(reply, then).get();
    return page;
  }

  /** 4.3.1. */
  @ParameterizedTest
  @ValueSource(strings = {"\"a\"", "W/\"a\"", "\"\"", "\"a,b\"", "\"\u00e9\""})
  void theEntityTagIsSentAsItCame(String etag) throws Exception {
    first(ok(STALE, "ETag: " + etag)).get();

    assertThat(page.last().headers("if-none-match")).containsExactly(etag);
    assertThat(page.last().header("if-modified-since")).isNull();
  }

  @Test
  void theLastChangeIsSentAsItCame() throws Exception {
    String date = ago(1_000);
    first(ok(STALE, "Last-Modified: " + date)).get();

    assertThat(page.last().headers("if-modified-since")).containsExactly(date);
    assertThat(page.last().header("if-none-match")).isNull();
  }

  @Test
  void bothAreSentWhereThereAreBoth() throws Exception {
    String date = ago(1_000);
    first(ok(STALE, "Last-Modified: " + date, ETAG)).get();

    assertThat(page.last().headers("if-none-match")).containsExactly("\"a\"");
    assertThat(page.last().headers("if-modified-since")).containsExactly(date);
  }

  @Test
  void withoutAValidatorTheWholeIsAskedFor() throws Exception {
    first(ok(STALE), ok(FRESH));

    Response response = page.get();

    assertUnconditional(page.last());
    assertThat(response.text()).isEqualTo("answer 2");
  }

  /** 4.3.3: the stored answer, with what the 304 brings. */
  @Test
  void a304IsAnsweredWithWhatIsStored() throws Exception {
    first(ok(STALE, ETAG, "X-Kept: 1", "X-New: 1"), notModified(FRESH, ETAG, "X-New: 2"));

    Response response = assertValidated(page.get());

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("answer 1");
    assertThat(response.headers("x-kept")).containsExactly("1");
    assertThat(response.headers("x-new")).containsExactly("2");
  }

  /** 4.3.4 and 3.2. */
  @Test
  void a304BringsNewFreshnessAndFields() throws Exception {
    first(
        ok(STALE, ETAG, "X-Many: 1", "X-Many: 2", "X-Kept: 1", "Expires: 0"),
        notModified(FRESH, ETAG, "X-Many: 3", "X-Fresh: 1"));
    page.get();

    Response response = assertHit(page.get());

    assertThat(response.text()).isEqualTo("answer 1");
    assertThat(response.headers("cache-control")).containsExactly("max-age=60");
    assertThat(response.headers("x-many")).containsExactly("3");
    assertThat(response.headers("x-kept")).containsExactly("1");
    assertThat(response.headers("x-fresh")).containsExactly("1");
    assertThat(page.count()).isEqualTo(2);
  }

  @Test
  void a304BeginsTheAgeAnew() throws Exception {
    first(ok("Cache-Control: max-age=100", ETAG, "Date: " + ago(500)), notModified(ETAG));
    assertValidated(page.get());

    Response response = assertHit(page.get());

    assertThat(CacheStatus.of(response).ttl()).isBetween(95L, 100L);
    assertThat(Integer.parseInt(response.need("age"))).isLessThan(5);
  }

  /** 3.2: of the fields about the content, what is kept as it was is its length alone. */
  @Test
  void a304BringsWhatIsNewOfTheContentsFields() throws Exception {
    first(
        Reply.body("0123456789", STALE, ETAG, "Content-Encoding: x-own", "Content-Type: a/b"),
        notModified(FRESH, ETAG, "Content-Encoding: x-new", "Content-Range: bytes 0-1/2"));
    page.get();

    Response response = assertHit(page.get());

    assertThat(response.headers("content-encoding")).containsExactly("x-new");
    assertThat(response.headers("content-type")).containsExactly("a/b");
    assertThat(response.headers("content-length")).containsExactly("10");
    assertThat(response.text()).isEqualTo("0123456789");
  }

  @Test
  void theContentLengthOfA304DoesNotCount() throws Exception {
    Reply withLength =
        (connection, request, number) -> {
          connection.write("HTTP/1.1 304 So\r\nContent-Length: 3\r\n" + FRESH + "\r\n");
          connection.write(ETAG + "\r\n\r\n");
          return true;
        };
    first(Reply.body("0123456789", STALE, ETAG), withLength);
    assertThat(page.get().text()).isEqualTo("0123456789");

    Response response = assertHit(page.get());

    assertThat(response.headers("content-length")).containsExactly("10");
    assertThat(response.text()).isEqualTo("0123456789");
  }

  @Test
  void fieldsOfTheConnectionInA304AreNotKept() throws Exception {
    first(ok(STALE, ETAG), notModified(FRESH, ETAG, "Connection: X-Hop", "X-Hop: 1"));
    page.get();

    assertThat(assertHit(page.get()).header("x-hop")).isNull();
  }

  /** 4.3.4: without a validator it is about the only one there is. */
  @Test
  void a304WithoutAValidatorIsAboutTheOneThatWasAskedFor() throws Exception {
    first(ok(STALE, "Last-Modified: " + ago(1_000)), notModified(FRESH));
    assertValidated(page.get());

    assertThat(assertHit(page.get()).text()).isEqualTo("answer 1");
  }

  @Test
  void aWeakTagIsEnoughToValidate() throws Exception {
    first(ok(STALE, "ETag: W/\"a\""), notModified(FRESH, "ETag: W/\"a\""));
    assertValidated(page.get());

    assertThat(assertHit(page.get()).text()).isEqualTo("answer 1");
  }

  /** 4.3.4: a strong tag that nothing stored has chooses nothing; the whole is asked for. */
  @Test
  void a304AboutSomethingElseIsNotUsed() throws Exception {
    first(ok(STALE, ETAG), notModified(FRESH, "ETag: \"other\""), ok(FRESH, "ETag: \"other\""));

    Response response = page.get();

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("answer 3");
    assertUnconditional(page.received(3));
    assertThat(assertHit(page.get()).text()).isEqualTo("answer 3");
  }

  /** 4.3.3. */
  @Test
  void a200ReplacesWhatIsStored() throws Exception {
    first(ok(STALE, ETAG, "X-Old: 1"), ok(FRESH, "ETag: \"b\""));

    Response response = assertForwarded(page.get(), "stale");

    assertThat(CacheStatus.of(response).get("fwd-status")).isEqualTo("200");
    assertThat(CacheStatus.of(response).is("stored")).isTrue();
    Response again = assertHit(page.get());
    assertThat(again.text()).isEqualTo("answer 2");
    assertThat(again.header("x-old")).isNull();
  }

  @Test
  void soDoesAnyOtherThatMayBeStored() throws Exception {
    first(ok(STALE, ETAG), status(404, FRESH));
    assertThat(page.get().status()).isEqualTo(404);

    assertThat(assertHit(page.get()).status()).isEqualTo(404);
  }

  @Test
  void oneThatMayNotBeStoredIsPassedOn() throws Exception {
    first(ok(STALE, ETAG), ok("Cache-Control: no-store"));

    assertThat(page.get().text()).isEqualTo("answer 2");
    assertThat(page.get().text()).isEqualTo("answer 3");
  }

  /** 4.3.3: it may be passed on, and does not undo what is stored. */
  @Test
  void aFailureIsPassedOnAndTheEntryStays() throws Exception {
    first(ok(STALE, ETAG), status(503), Reply.tagged("\"a\"", FRESH));

    assertThat(page.get().status()).isEqualTo(503);

    assertThat(assertValidated(page.get()).text()).isEqualTo("answer 1");
  }

  /** 5.2.2.2: nothing but the service can say that it still holds. */
  @Test
  void mustRevalidateWithoutAServiceIsAnError() throws Exception {
    first(ok("Cache-Control: max-age=0, must-revalidate, stale-if-error=600", ETAG), Reply.reset());

    assertThat(page.get().status()).isBetween(502, 504);
  }

  /** 4.3.5. */
  @Test
  void headIsAnsweredFromTheStoredGet() throws Exception {
    first(Reply.body("0123456789", FRESH, ETAG, "X-A: 1"));

    Response response = assertHit(page.head());

    assertThat(response.body()).isEmpty();
    assertThat(response.need("content-length")).isEqualTo("10");
    assertThat(response.need("etag")).isEqualTo("\"a\"");
    assertThat(response.need("x-a")).isEqualTo("1");
    assertThat(page.count()).isOne();
  }

  @Test
  void anAnswerToHeadFreshensTheStoredGet() throws Exception {
    first(ok(FRESH, ETAG, "X-A: 1")).on("HEAD", ok(FRESH, ETAG, "X-A: 2"));

    assertForwarded(page.head("Cache-Control: no-cache"), "request");
    Response response = assertHit(page.get());

    assertThat(response.text()).isEqualTo("answer 1");
    assertThat(response.need("x-a")).isEqualTo("2");
  }

  @Test
  void orStalenessOnceItsTagIsAnother() throws Exception {
    first(ok(FRESH, ETAG)).on("HEAD", ok(FRESH, "ETag: \"b\""));
    page.head("Cache-Control: no-cache");

    assertThat(page.get().text()).isEqualTo("answer 3");
  }

  @Test
  void orOnceItsLengthIsAnother() throws Exception {
    first(Reply.body("0123456789", FRESH), ok(FRESH)).on("HEAD", Reply.body("012345678", FRESH));
    page.head("Cache-Control: no-cache");

    assertThat(page.get().text()).isEqualTo("answer 3");
  }

  @Test
  void orOnceItsLastChangeIsAnother() throws Exception {
    first(ok(FRESH, "Last-Modified: " + ago(1_000)))
        .on("HEAD", ok(FRESH, "Last-Modified: " + ago(10)));
    page.head("Cache-Control: no-cache");

    assertThat(page.get().text()).isEqualTo("answer 3");
  }

  /** A stale entry answers HEAD as it answers GET: once it was validated. */
  @Test
  void headOfAStaleEntryAsksTheService() throws Exception {
    first(Reply.tagged("\"a\"", STALE));

    Response response = page.head();

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.need("etag")).isEqualTo("\"a\"");
    assertThat(CacheStatus.of(response).is("hit")).isFalse();
    assertThat(page.count()).isEqualTo(2);
  }
}
