package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.CacheAssertions.assertNotStored;
import static dev.headgate.contract.cache.CacheAssertions.assertStored;
import static dev.headgate.contract.cache.CacheAssertions.assertUnconditional;
import static dev.headgate.contract.cache.Reply.ok;
import static dev.headgate.contract.cache.Reply.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers are kept (RFC 9111, section 3). */
class StoringIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private static final String FRESH = "Cache-Control: max-age=60";
  private static final String CALLER = "Authorization: Basic QTpi";

  private final Page page = CacheGateway.plain();

  @Test
  void anAnswerToGetThatSaysHowLongItIsFreshIsStored() throws Exception {
    assertStored(page.answers(ok(FRESH)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "NEWLY"})
  void answersToOtherMethodsAreNotStored(String method) throws Exception {
    page.answers(ok(FRESH));

    assertForwarded(page.call(method, "Content-Length: 0"), "method");
    assertForwarded(page.call(method, "Content-Length: 0"), "method");
    assertForwarded(page.get(), "uri-miss");

    assertThat(page.count()).isEqualTo(3);
  }

  /** It has no content that a GET could be answered with. */
  @Test
  void anAnswerToHeadAloneAnswersNoGet() throws Exception {
    page.answers(ok(FRESH));
    page.head();

    Response response = page.get();

    assertForwarded(response, "uri-miss");
    assertThat(response.text()).isEqualTo("answer 2");
  }

  /** 3: any final status. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        200, 201, 202, 203, 204, 299, 300, 301, 302, 303, 307, 308, 400, 403, 404, 405, 410, 414,
        418, 429, 451, 499, 500, 501, 502, 503, 504, 599
      })
  void anyFinalStatusIsStoredWithExplicitFreshness(int code) throws Exception {
    assertThat(assertStored(page.answers(status(code, FRESH))).status()).isEqualTo(code);
  }

  /** 3, and RFC 9110, 15.1. */
  @ParameterizedTest
  @ValueSource(ints = {200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501})
  void someStatusesAreStoredWithoutIt(int code) throws Exception {
    assertStored(page.answers(status(code, "Last-Modified: " + HttpDates.ago(100_000))));
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 202, 302, 303, 307, 400, 403, 409, 429, 500, 502, 503, 504, 599})
  void othersAreNot(int code) throws Exception {
    assertNotStored(page.answers(status(code, "Last-Modified: " + HttpDates.ago(100_000))));
  }

  /** 3 and 4.2.2: such an answer is marked as one that may be stored, and a guess is allowed. */
  @Test
  void publicIsEnoughForAnyStatus() throws Exception {
    String modified = "Last-Modified: " + HttpDates.ago(100_000);
    assertStored(page.answers(status(302, modified, "Cache-Control: public")));
  }

  /** 5.2.2.5. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-store",
        "no-store, max-age=60",
        "max-age=60,no-store",
        "NO-Store, max-age=60",
        "public, s-maxage=60, no-store",
        "max-age=60,\tno-store ,",
        "max-age=60, ext=\"a, b\", no-store",
      })
  void noStoreIsHeeded(String directives) throws Exception {
    assertNotStored(page.answers(ok("ETag: \"a\"", "Cache-Control: " + directives)));
  }

  @Test
  void noStoreOnALineOfItsOwnIsHeeded() throws Exception {
    assertNotStored(page.answers(ok(FRESH, "Cache-Control: no-store", "ETag: \"a\"")));
  }

  /** 5.2.2.7. */
  @ParameterizedTest
  @ValueSource(
      strings = {"private", "private, max-age=60", "max-age=60, PRIVATE", "private, s-maxage=60"})
  void privateAnswersAreNotShared(String directives) throws Exception {
    assertNotStored(page.answers(ok("ETag: \"a\"", "Cache-Control: " + directives)));
  }

  /** 5.2.2.7 and 5.2.2.4; a sender should quote even a single name, a reader takes both. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "private=\"x-secret\"",
        "private=x-secret",
        "private=\" X-Other , X-Secret\"",
        "no-cache=\"x-secret\"",
        "no-cache=\"x-other, x-secret\"",
      })
  void fieldsNamedAsNotSharedAreLeftOut(String directive) throws Exception {
    page.answers(ok(FRESH + ", " + directive, "X-Secret: 1", "X-Public: 2"));

    Response first = page.get();
    Response again = assertHit(page.get());

    assertThat(first.need("x-secret")).isEqualTo("1");
    assertThat(again.header("x-secret")).isNull();
    assertThat(again.need("x-public")).isEqualTo("2");
  }

  /** 5.2.2.4. */
  @Test
  void noCacheIsStoredAndAskedForEachTime() throws Exception {
    page.answers(Reply.tagged("\"a\"", "Cache-Control: no-cache, max-age=60"));
    page.get();

    for (int i = 2; i < 4; i++) {
      CacheAssertions.assertValidated(page.get());
      assertThat(page.received(i).header("if-none-match")).isEqualTo("\"a\"");
    }
  }

  /** 3.5. */
  @ParameterizedTest
  @ValueSource(strings = {"max-age=60", "max-age=60, proxy-revalidate", "max-age=60, immutable"})
  void answersToACallerWithCredentialsAreNotShared(String directives) throws Exception {
    page.answers(ok("Cache-Control: " + directives, "ETag: \"a\""));

    assertNotStored(page, CALLER);
    assertForwarded(page.get(), "uri-miss");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "public, max-age=60",
        "s-maxage=60",
        "max-age=60, must-revalidate",
        "PUBLIC, max-age=60"
      })
  void unlessTheServiceSaysSo(String directives) throws Exception {
    page.answers(ok("Cache-Control: " + directives));

    assertStored(page, CALLER);
    assertHit(page.get());
    assertHit(page.get("Authorization: Basic other"));
  }

  /** 5.2.2.3: where the status is understood, no-store beside it does not count. */
  @Test
  void mustUnderstandOverridesNoStore() throws Exception {
    assertStored(page.answers(ok("Cache-Control: must-understand, no-store, max-age=60")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"must-understand, max-age=60", "no-store, max-age=60, must-understand"})
  void mustUnderstandForbidsStatusesNobodyKnows(String directives) throws Exception {
    assertNotStored(page.answers(status(599, "Cache-Control: " + directives)));
  }

  /** RFC 6265, 3, leaves it open; a session of one client may never reach another. */
  @ParameterizedTest
  @ValueSource(
      strings = {"max-age=60", "max-age=60, must-revalidate", "max-age=60, no-cache=\"x\""})
  void answersThatSetCookiesAreNotStored(String directives) throws Exception {
    page.answers(ok("Cache-Control: " + directives, "Set-Cookie: a=b", "ETag: \"a\""));

    assertNotStored(page);
  }

  @ParameterizedTest
  @ValueSource(strings = {"public, max-age=60", "s-maxage=60"})
  void unlessTheServiceSaysThatTheyAreForAll(String directives) throws Exception {
    Response again =
        assertStored(page.answers(ok("Cache-Control: " + directives, "Set-Cookie: a=b")));

    assertThat(again.headers("set-cookie")).containsExactly("a=b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-cache=\"set-cookie\"", "private=\"Set-Cookie\""})
  void orTheCookieIsLeftOut(String directive) throws Exception {
    page.answers(ok(FRESH + ", " + directive, "Set-Cookie: a=b", "Set-Cookie: c=d"));

    assertThat(page.get().headers("set-cookie")).containsExactly("a=b", "c=d");
    assertThat(assertHit(page.get()).headers("set-cookie")).isEmpty();
  }

  /** 3.1. */
  @Test
  void everyFieldIsKeptWithItsLinesInOrder() throws Exception {
    page.answers(
        ok(FRESH, "X-New: 1", "X-Many: b, c", "X-Many: a", "x-LOWER: d", "X-Empty:", "X-Many: b"));

    Response first = page.get();
    Response again = assertHit(page.get());

    assertThat(again.headers("x-many")).containsExactly("b, c", "a", "b");
    for (String name :
        new String[] {"x-new", "x-many", "x-lower", "x-empty", "date", "cache-control"}) {
      assertThat(again.headers(name)).as(name).isEqualTo(first.headers(name)).isNotEmpty();
    }
  }

  /** 3.1, and RFC 9110, 7.6.1. */
  @Test
  void fieldsOfTheConnectionAreNotKept() throws Exception {
    page.answers(
        ok(FRESH, "Connection: X-Hop, x-other", "X-Hop: 1", "X-Other: 2", "Keep-Alive: timeout=9"));
    Response first = page.get();

    Response again = assertHit(page.get());

    for (String name : new String[] {"x-hop", "x-other", "keep-alive"}) {
      assertThat(first.header(name)).as(name).isNull();
      assertThat(again.header(name)).as(name).isNull();
    }
  }

  /** 3.1: they are about this proxy and the one behind it. */
  @ParameterizedTest
  @ValueSource(strings = {"Proxy-Authenticate: Basic", "Proxy-Authentication-Info: a=b"})
  void fieldsForAProxyAreNotKept(String field) throws Exception {
    Response again = assertStored(page.answers(ok(FRESH, field)));

    assertThat(again.header(field.split(":", 2)[0])).isNull();
  }

  /** RFC 9110, 15.2: an interim answer is no part of the final one. */
  @Test
  void interimAnswersAreNotKept() throws Exception {
    page.answers(
        (connection, request, number) -> {
          connection.write("HTTP/1.1 103 Early\r\nLink: </a>; rel=preload\r\n\r\n");
          return ok(FRESH).play(connection, request, number);
        });

    Response again = assertStored(page);

    assertThat(again.interim()).isEmpty();
    assertThat(again.header("link")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"200, 0", "404, 0", "200, 1", "200, 70000"})
  void bodiesOfAnySizeAreKept(int code, int size) throws Exception {
    String body = "x".repeat(size);
    page.answers(
        (connection, request, number) -> {
          String head = "HTTP/1.1 " + code + " So\r\n" + FRESH + "\r\nContent-Length: ";
          connection.write(head + size + "\r\n\r\n" + body);
          return true;
        });

    Response again = assertStored(page);

    assertThat(again.text()).isEqualTo(body);
    assertThat(again.need("content-length")).isEqualTo(Integer.toString(size));
  }

  /** RFC 9110, 15.3.5: no content, whatever a store makes of it. */
  @Test
  void a204StaysWithoutContent() throws Exception {
    Response again = assertStored(page.answers(status(204, FRESH)));

    assertThat(again.headers("content-length")).isEmpty();
    assertThat(again.headers("transfer-encoding")).isEmpty();
  }

  @Test
  void aGetWithABodyIsNotAnsweredFromTheStore() throws Exception {
    page.answers(ok(FRESH));
    page.get();

    Response response = page.send("GET", "asked");

    assertForwarded(response, "bypass");
    assertThat(page.last().text()).isEqualTo("asked");
    assertThat(assertHit(page.get()).text()).isEqualTo("answer 1");
  }

  @Test
  void failuresOfTheGatewayAreNotStored() throws Exception {
    Page closed = CacheGateway.page("/closed");
    for (int i = 0; i < 2; i++) {
      Response response = closed.get();
      assertThat(response.status()).isEqualTo(502);
      assertThat(response.header("age")).isNull();
      assertThat(CacheStatus.of(response).is("stored")).isFalse();
    }
  }

  @Test
  void nothingIsStoredForARouteWithoutACache() throws Exception {
    Page uncached = CacheGateway.page("/uncached").answers(ok(FRESH));

    assertThat(uncached.get().headers("cache-status")).isEmpty();
    assertThat(uncached.get().text()).isEqualTo("answer 2");
    assertUnconditional(uncached.last());
  }
}
