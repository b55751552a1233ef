package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.ROUTE;
import static dev.headgate.policy.cache.Samples.fields;
import static dev.headgate.policy.cache.Samples.route;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoringTest {
  private static final HttpHeaders PLAIN = fields();
  private static final String MINUTE = "cache-control: max-age=60";
  private static final HttpHeaders AUTHORIZED = fields("authorization: Bearer x");

  private static Storing storing(
      HttpHeaders request, int status, HttpHeaders headers, CacheConfig route) {
    Directives targeted = Targeted.of(headers);
    Directives said = targeted == null ? Directives.of(headers) : targeted;
    Freshness freshness =
        Freshness.of(status, headers, said, targeted != null, Samples.NOW / 1000, route);
    return Storing.of(request, status, headers, said, targeted != null, freshness);
  }

  private static boolean kept(HttpHeaders request, int status, String... lines) {
    return storing(request, status, fields(lines), ROUTE).allowed();
  }

  // RFC 9111 section 3.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "cache-control: max-age=60 | true",
        "cache-control: s-maxage=60 | true",
        "cache-control: public, max-age=60 | true",
        "expires: Mon, 01 Jun 2026 13:00:00 GMT | true",
        "etag: \"a\" | true",
        "last-modified: Mon, 01 Jun 2026 11:00:00 GMT | true",
        "cache-control: no-store | false",
        "cache-control: max-age=60, no-store | false",
        "cache-control: no-store=x, max-age=60 | false",
        "cache-control: x=\"y, no-store, max-age=60 | false",
        "cache-control: private, max-age=60 | false",
        "cache-control: private=, max-age=60 | false",
        "cache-control: private=\"x\", max-age=60, private | false",
        "cache-control: private=\"x\", max-age=60 | true",
        "cache-control: public, private, max-age=60 | false",
        "cache-control: s-maxage=60, private | false",
        // Of no use: stale at once, and there is nothing to validate it by.
        "cache-control: max-age=0 | false",
        "cache-control: no-cache, max-age=60 | false",
        "x: y | false",
        "expires: 0 | false",
        "cdn-cache-control: max-age=60 | true",
        "cdn-cache-control: no-store | false",
        "cdn-cache-control: private, max-age=60 | false",
      })
  void theServiceHasItsSay(String line, boolean kept) {
    assertThat(kept(PLAIN, 200, line)).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 302, 307, 400, 403, 418, 500, 503, 599})
  void anyFinalStatusIsKeptWhereTheServiceSaysHowLong(int status) {
    assertThat(kept(PLAIN, status, "cache-control: max-age=60")).isTrue();
    assertThat(kept(PLAIN, status, "expires: Mon, 01 Jun 2026 13:00:00 GMT")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {206, 304, 416})
  void whatIsNoAnswerToItsUrlIsNotKept(int status) {
    assertThat(kept(PLAIN, status, "cache-control: max-age=60", "etag: \"a\"")).isFalse();
  }

  // Section 3.3.
  @Test
  void aPartIsKeptWhereItIsKnownForThat() {
    assertThat(kept(PLAIN, 206, MINUTE, "content-range: bytes 0-1/5")).isTrue();
    assertThat(kept(PLAIN, 206, "etag: \"a\"", "content-range: bytes 0-1/5")).isTrue();
    assertThat(kept(PLAIN, 206, MINUTE)).isFalse();
    assertThat(kept(PLAIN, 206, MINUTE, "content-range: bytes 0-1/*")).isFalse();
    assertThat(kept(PLAIN, 416, MINUTE, "content-range: bytes */5")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"200,true", "404,true", "501,true", "302,false", "400,false", "503,false"})
  void withoutItOnlySomeStatusesAre(int status, boolean kept) {
    assertThat(kept(PLAIN, status, "etag: \"a\"")).isEqualTo(kept);
    assertThat(kept(PLAIN, status, "etag: \"a\"", "cache-control: public")).isTrue();
  }

  // Section 3.5.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-age=60 | false",
        "max-age=60, must-revalidate | true",
        "max-age=60, public | true",
        "s-maxage=60 | true",
        "max-age=60, proxy-revalidate | false",
      })
  void whatACredentialGotIsSharedOnlyWhereThatIsSaid(String directives, boolean kept) {
    assertThat(kept(AUTHORIZED, 200, "cache-control: " + directives)).isEqualTo(kept);
    assertThat(kept(PLAIN, 200, "cache-control: " + directives)).isTrue();
  }

  @Test
  void whatIsSaidToOthersDoesNotShareIt() {
    assertThat(kept(AUTHORIZED, 200, "cdn-cache-control: max-age=60", "cache-control: public"))
        .isFalse();
  }

  // Section 5.2.2.3.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | max-age=60, must-understand, no-store | true",
        "404 | max-age=60, must-understand, no-store | true",
        "503 | max-age=60, must-understand, no-store | true",
        "299 | max-age=60, must-understand, no-store | false",
        "299 | max-age=60, must-understand | false",
        "599 | max-age=60, must-understand | false",
        "299 | max-age=60 | true",
        "200 | max-age=60, must-understand, no-store, private | false",
      })
  void mustUnderstandStandsInForNoStore(int status, String directives, boolean kept) {
    assertThat(kept(PLAIN, status, "cache-control: " + directives)).isEqualTo(kept);
  }

  @Test
  void whatVariesByEverythingIsNotKept() {
    assertThat(kept(PLAIN, 200, "cache-control: max-age=60", "vary: *")).isFalse();
    assertThat(kept(PLAIN, 200, "cache-control: max-age=60", "vary: accept, *")).isFalse();
    assertThat(kept(PLAIN, 200, "cache-control: max-age=60", "vary: a", "vary: *")).isFalse();
    assertThat(kept(PLAIN, 200, "cache-control: max-age=60", "vary: accept")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "max-age=60 | false",
        "public, max-age=60 | true",
        "s-maxage=60 | true",
        "max-age=60, private=\"set-cookie\" | true",
        "max-age=60, no-cache=\"Set-Cookie\" | true",
        "max-age=60, no-cache=\"x\" | false",
      })
  void aCookieIsSharedOnlyWhereThatIsSaid(String directives, boolean kept) {
    assertThat(kept(PLAIN, 200, "cache-control: " + directives, "set-cookie: a=b")).isEqualTo(kept);
  }

  // Sections 5.2.2.4 and 5.2.2.7.
  @Test
  void fieldsThatAreForOneAloneAreLeftOut() {
    Storing storing =
        storing(
            PLAIN,
            200,
            fields("cache-control: max-age=60, private=\"X-A, x-b\", no-cache=\"x-c\""),
            ROUTE);

    assertThat(storing.allowed()).isTrue();
    assertThat(storing.without()).containsExactlyInAnyOrder("x-a", "x-b", "x-c");
  }

  @Test
  void whatIsStaleAtOnceIsKeptForAWindow() {
    assertThat(storing(PLAIN, 200, fields("cache-control: max-age=0"), route(9, 0, 0)).allowed())
        .isTrue();
    assertThat(storing(PLAIN, 200, fields("cache-control: max-age=0"), route(0, 9, 0)).allowed())
        .isTrue();
    assertThat(
            storing(PLAIN, 200, fields("cache-control: max-age=0, must-revalidate"), route(9, 9, 0))
                .allowed())
        .isFalse();
    assertThat(storing(PLAIN, 200, fields("cache-control: no-cache"), route(9, 9, 0)).allowed())
        .isFalse();
    assertThat(
            storing(PLAIN, 200, fields("cache-control: no-cache", "etag: \"a\""), ROUTE).allowed())
        .isTrue();
  }
}
