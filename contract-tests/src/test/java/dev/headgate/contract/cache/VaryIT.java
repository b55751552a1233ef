package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.CacheAssertions.assertNotStored;
import static dev.headgate.contract.cache.Reply.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that depend on fields of the request (RFC 9111, section 4.1). */
@Once
class VaryIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private final Page page = CacheGateway.plain();

  private Page varies(String... names) {
    String[] fields = new String[names.length + 1];
    fields[0] = "Cache-Control: max-age=60";
    for (int i = 0; i < names.length; i++) {
      fields[i + 1] = "Vary: " + names[i];
    }
    return page.answers(ok(fields));
  }

  private static void assertText(Response response, String text) {
    assertThat(response.text()).as("%s", response).isEqualTo(text);
  }

  @Test
  void eachValueHasAnAnswerOfItsOwn() throws Exception {
    varies("Accept-Language");

    assertForwarded(page.get("Accept-Language: en"), "uri-miss");
    Response second = assertForwarded(page.get("Accept-Language: de"), "vary-miss");

    assertThat(CacheStatus.of(second).is("stored")).isTrue();
    assertText(assertHit(page.get("Accept-Language: en")), "answer 1");
    assertText(assertHit(page.get("Accept-Language: de")), "answer 2");
    assertThat(page.count()).isEqualTo(2);
  }

  @Test
  void fieldsThatAreNotNamedMakeNoDifference() throws Exception {
    varies("Accept-Language").get("X-Foo: 1", "Accept-Language: en");

    assertHit(page, "X-Foo: 2", "Accept-Language: en", "Accept: text/html");
  }

  /** A field that is absent matches only one that is absent. */
  @Test
  void anAbsentFieldMatchesOnlyAnAbsentOne() throws Exception {
    varies("X-Foo").get();

    assertHit(page);
    assertForwarded(page.get("X-Foo: 1"), "vary-miss");
    assertText(assertHit(page.get()), "answer 1");
    assertText(assertHit(page.get("X-Foo: 1")), "answer 2");
  }

  @Test
  void anEmptyFieldIsNotAnAbsentOne() throws Exception {
    varies("X-Foo").get();

    assertForwarded(page.get("X-Foo:"), "vary-miss");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x-foo, x-bar", "X-FOO,X-BAR", " x-foo\t,, X-Bar,", "x-bar, x-foo, x-foo"})
  void allFieldsOfTheListCount(String vary) throws Exception {
    varies(vary).get("X-Foo: 1", "X-Bar: 1");

    assertHit(page, "X-Bar: 1", "x-foo: 1");
    assertForwarded(page.get("X-Foo: 1", "X-Bar: 2"), "vary-miss");
    assertForwarded(page.get("X-Foo: 2", "X-Bar: 1"), "vary-miss");
    assertForwarded(page.get("X-Foo: 1"), "vary-miss");
  }

  @Test
  void linesOfVaryAreOneList() throws Exception {
    varies("X-Foo", "X-Bar").get("X-Foo: 1", "X-Bar: 1");

    assertHit(page, "X-Foo: 1", "X-Bar: 1");
    assertForwarded(page.get("X-Foo: 1", "X-Bar: 2"), "vary-miss");
    assertForwarded(page.get("X-Foo: 2", "X-Bar: 1"), "vary-miss");
  }

  /** Space where it does not matter, and several lines of one field. */
  @Test
  void spaceAndLinesMakeNoDifference() throws Exception {
    varies("X-List").get("X-List: a, b,c");

    assertHit(page, "X-List: a,b, c");
    assertHit(page, "X-List:  a , b  ,c  ");
    assertHit(page, "X-List: a", "X-List: b, c");
    assertHit(page, "X-List: a, b", "X-Foo: 1", "x-list: c");
  }

  /** Nothing is known of the meaning of such a field. */
  @Test
  void caseAndOrderOfAnUnknownFieldDo() throws Exception {
    varies("X-List").get("X-List: a, b");

    assertForwarded(page.get("X-List: A, b"), "vary-miss");
    assertForwarded(page.get("X-List: b, a"), "vary-miss");
    assertForwarded(page.get("X-List: a b"), "vary-miss");
    assertForwarded(page.get("X-List: a, b, b"), "vary-miss");
  }

  @Test
  void spaceWithinQuotesIsKept() throws Exception {
    varies("X-List").get("X-List: \"a, b\"");

    assertForwarded(page.get("X-List: \"a,b\""), "vary-miss");
  }

  /** RFC 9110, 12.5.3 to 12.5.5: language tags and codings in any case, weights before order. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Accept-Language | en, de;q=0.5        | EN,DE;q=0.5",
        "Accept-Language | en, de;q=0.5        | en, de ; q=0.5",
        "Accept-Language | en, de;q=0.5        | de;q=0.5, en",
        "Accept-Language | en-GB, de;q=0.5     | en-gb, de;Q=0.5",
        "Accept-Encoding | gzip, br            | GZIP, br",
      })
  void whatMeansTheSameMatches(String name, String one, String other) throws Exception {
    varies(name).get(name + ": " + one);

    assertHit(page, name + ": " + other);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Accept-Language | en, de;q=0.5        | en, de;q=0.6",
        "Accept-Language | en                  | en-GB",
        "Accept-Language | en;q=0.5, de        | de;q=0.5, en",
        "Accept-Encoding | gzip                | gzip, br",
        "Accept-Encoding | gzip;q=0            | gzip",
        "Accept          | text/html;charset=A | text/html;charset=b",
      })
  void whatMeansAnotherThingDoesNot(String name, String one, String other) throws Exception {
    varies(name).get(name + ": " + one);

    assertForwarded(page.get(name + ": " + other), "vary-miss");
  }

  /** 4.1: it depends on more than can be seen. */
  @ParameterizedTest
  @ValueSource(strings = {"*", "*, X-Foo", "X-Foo, *", " * "})
  void anAsteriskMatchesNothing(String vary) throws Exception {
    page.answers(ok("Cache-Control: max-age=60", "ETag: \"a\"", "Vary: " + vary));

    assertNotStored(page, "X-Foo: 1");
  }

  @Test
  void norDoesOneOnALineOfItsOwn() throws Exception {
    assertNotStored(varies("X-Foo", "*"), "X-Foo: 1");
  }

  @Test
  void headIsAnsweredFromItsVariant() throws Exception {
    varies("X-Foo");
    page.get("X-Foo: 1");
    page.get("X-Foo: 2");

    assertHit(page.head("X-Foo: 1"));
    assertForwarded(page.head("X-Foo: 3"), "vary-miss");
  }

  @Test
  void credentialsAndCookiesCanBeNamed() throws Exception {
    String shared = "Cache-Control: public, max-age=60";
    page.answers(ok(shared, "Vary: Authorization, Cookie"));
    page.get("Authorization: Basic QTpi", "Cookie: a=b");

    assertHit(page, "Authorization: Basic QTpi", "Cookie: a=b");
    assertForwarded(page.get("Authorization: Basic QTpj", "Cookie: a=b"), "vary-miss");
    assertForwarded(page.get("Authorization: Basic QTpi", "Cookie: a=c"), "vary-miss");
    assertForwarded(page.get("Cookie: a=b"), "vary-miss");
  }

  /** Each variant is validated by its own tag. */
  @Test
  void eachVariantIsValidatedByItself() throws Exception {
    page.answers(
        (connection, request, number) -> {
          String etag = "\"" + request.header("x-foo") + "\"";
          return Reply.tagged(etag, "Cache-Control: max-age=0", "Vary: X-Foo")
              .play(connection, request, number);
        });
    page.get("X-Foo: 1");
    page.get("X-Foo: 2");

    Response one = page.get("X-Foo: 1");
    Response two = page.get("X-Foo: 2");

    assertText(one, "answer 1");
    assertText(two, "answer 2");
    Received last = page.last();
    assertThat(last.header("if-none-match")).contains("\"2\"");
  }

  /** The latest answer says what is varied by from then on. */
  @Test
  void varyMayChange() throws Exception {
    String fresh = "Cache-Control: max-age=60";
    page.answers(ok(fresh, "Vary: X-Foo"), ok(fresh, "Vary: X-Bar"));
    page.get("X-Foo: 1", "X-Bar: 1");
    page.get("X-Foo: 2", "X-Bar: 2");

    assertText(assertHit(page.get("X-Foo: 3", "X-Bar: 2")), "answer 2");
    assertText(page.get("X-Foo: 3", "X-Bar: 3"), "answer 3");
  }
}
