package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.HttpDates.ago;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer to POST that is its URL's own (RFC 9110, 9.3.3). */
@Once
class PostIT {
  private static final String FRESH = "Cache-Control: max-age=60";

  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private final Page page = CacheGateway.plain();

  private String itself() {
    return "Content-Location: " + page.target();
  }

  private Page posting(Reply reply) throws Exception {
    page.answers(Reply.ok("Cache-Control: max-age=60")).on("POST", reply);
    return page;
  }

  private void assertNotStored(String... requestFields) throws Exception {
    page.post(requestFields);
    assertForwarded(page.get(), "uri-miss");
  }

  @Test
  void isServedToGetAndHead() throws Exception {
    Response posted = posting(Reply.body("new", FRESH, itself(), "X-A: 1")).post();

    assertForwarded(posted, "method");
    assertThat(CacheStatus.of(posted).is("stored")).isTrue();
    Response got = assertHit(page.get());
    assertThat(got.text()).isEqualTo("new");
    assertThat(got.need("x-a")).isEqualTo("1");
    assertHit(page.head());
    assertThat(page.count()).isOne();
  }

  @Test
  void howeverItIsFramedAndNamed() throws Exception {
    String whole = "Content-Location: http://localhost" + page.target();
    posting(Reply.chunked("new", FRESH, whole)).post();

    assertThat(assertHit(page.get()).text()).isEqualTo("new");
  }

  @Test
  void takesThePlaceOfWhatWasStored() throws Exception {
    page.answers(Reply.body("old", FRESH)).get();
    page.on("POST", Reply.body("new", FRESH, itself())).post();

    assertThat(assertHit(page.get()).text()).isEqualTo("new");
  }

  @Test
  void isGoneWithTheNextChange() throws Exception {
    posting(Reply.body("new", FRESH, itself())).post();
    page.on("DELETE", Reply.ok()).call("DELETE");

    assertForwarded(page.get(), "uri-miss");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-None: 1",
        "Content-Location: /plain/another",
        "Content-Location: ?a=b",
        "Content-Location: http://elsewhere.test/plain",
        "Content-Location: http://%zz/"
      })
  void withoutItsOwnUrlIsNotStored(String location) throws Exception {
    posting(Reply.ok(FRESH, location));

    assertNotStored();
  }

  @Test
  void isStoredOnlyWhereItSaysForHowLong() throws Exception {
    posting(Reply.ok(itself(), "ETag: \"a\"", "Last-Modified: " + ago(100_000)));

    assertNotStored();
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-store", "private, max-age=60", "max-age=0", "no-store, max-age=60"})
  void isNotStoredWhereThatIsForbiddenOrOfNoUse(String said) throws Exception {
    posting(Reply.ok("Cache-Control: " + said, itself()));

    assertNotStored();
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 202, 404, 500})
  void ofAnyOtherStatusIsNotStored(int status) throws Exception {
    posting(Reply.status(status, FRESH, itself()));

    assertNotStored();
  }

  @Test
  void isNotStoredForWhoeverForbidsIt() throws Exception {
    posting(Reply.ok(FRESH, itself()));

    assertNotStored("Cache-Control: no-store");
  }

  @Test
  void isNotStoredForOneCredentialAndGivenToAll() throws Exception {
    posting(Reply.ok(FRESH, itself()));

    assertNotStored("Authorization: Bearer x");
  }

  @Test
  void thatEndsEarlyIsNotStored() throws Exception {
    posting(Reply.cutShort(FRESH, itself()));
    try (var http = page.begin("POST", "Content-Length: 0")) {
      assertThat(http.response("POST").complete()).isFalse();
    }

    assertForwarded(page.get(), "uri-miss");
  }

  @Test
  void toAnotherMethodIsNotStored() throws Exception {
    page.answers(Reply.ok(FRESH)).on("PUT", Reply.ok(FRESH, itself())).send("PUT", "x");

    assertForwarded(page.get(), "uri-miss");
  }
}
