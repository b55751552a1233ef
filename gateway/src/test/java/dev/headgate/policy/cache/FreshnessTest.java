package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.ROUTE;
import static dev.headgate.policy.cache.Samples.fields;
import static dev.headgate.policy.cache.Samples.route;
import static dev.headgate.policy.cache.Samples.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreshnessTest {
  private static final long MADE = Samples.NOW / 1000;
  private static final long DAY = 24 * 60 * 60;

  private static Freshness of(int status, HttpHeaders headers, CacheConfig route) {
    Directives targeted = Targeted.of(headers);
    Directives said = targeted == null ? Directives.of(headers) : targeted;
    return Freshness.of(status, headers, said, targeted != null, MADE, route);
  }

  private static long lifetime(String... lines) {
    return of(200, fields(lines), ROUTE).lifetime();
  }

  // RFC 9111 section 4.2.1: s-maxage, max-age, Expires less Date, in that order.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cache-control: max-age=60 | expires: Mon, 01 Jun 2026 13:00:00 GMT | 60",
        "cache-control: max-age=0 | expires: Mon, 01 Jun 2026 13:00:00 GMT | 0",
        "cache-control: max-age=60, s-maxage=5 | x: y | 5",
        "cache-control: s-maxage=5 | cache-control: max-age=60 | 5",
        "cache-control: max-age=5, s-maxage=60 | x: y | 60",
        "cache-control: public | expires: Mon, 01 Jun 2026 13:00:00 GMT | 3600",
        "expires: Mon, 01 Jun 2026 13:00:00 GMT | expires: 0 | 3600",
        "expires: 0 | expires: Mon, 01 Jun 2026 13:00:00 GMT | 0",
        "expires: Mon, 01 Jun 2026 11:00:00 GMT | x: y | 0",
        "expires: Mon, 01 Jun 2026 12:00:00 GMT | x: y | 0",
        "expires: Fri, 31 Dec 9999 23:59:59 GMT | x: y | 2147483648",
        "expires: 0 | x: y | 0",
        "expires: tomorrow | last-modified: Mon, 01 Jan 2024 00:00:00 GMT | 0",
        "cache-control: max-age=x | expires: Mon, 01 Jun 2026 13:00:00 GMT | 0",
        "cache-control: max-age=x | last-modified: Mon, 01 Jan 2024 00:00:00 GMT | 0",
        "cache-control: max-age=60, s-maxage=x | x: y | 0",
        "cache-control: max-age=-60 | x: y | 0",
        "cache-control: max-age=99999999999 | x: y | 2147483648",
        "cdn-cache-control: max-age=7 | cache-control: s-maxage=60 | 7",
        "cdn-cache-control: public | cache-control: max-age=60 | 0",
        "cdn-cache-control: public | expires: Mon, 01 Jun 2026 13:00:00 GMT | 0",
        "cdn-cache-control: & | cache-control: max-age=60 | 60",
      })
  void whatTheServiceSaysCounts(String one, String other, long lifetime) {
    assertThat(lifetime(one, other)).isEqualTo(lifetime);
  }

  @Test
  void elseATenthOfItsAgeSinceItChangedAtMostADay() {
    assertThat(lifetime("last-modified: Mon, 01 Jun 2026 11:00:00 GMT")).isEqualTo(360);
    assertThat(lifetime("last-modified: Mon, 01 Jan 2024 00:00:00 GMT")).isEqualTo(DAY);
    assertThat(lifetime("last-modified: Mon, 01 Jun 2026 12:00:01 GMT")).isZero();
    assertThat(lifetime("last-modified: yesterday")).isZero();
    assertThat(lifetime("etag: \"a\"")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "200,true",
    "203,true",
    "204,true",
    "300,true",
    "301,true",
    "308,true",
    "404,true",
    "405,true",
    "410,true",
    "414,true",
    "501,true",
    "201,false",
    "302,false",
    "307,false",
    "400,false",
    "403,false",
    "500,false",
    "503,false",
    "599,false"
  })
  void onlyCertainStatusesAreGuessedAt(int status, boolean guessed) {
    HttpHeaders headers = fields("last-modified: Mon, 01 Jun 2026 11:00:00 GMT");
    assertThat(of(status, headers, ROUTE).lifetime()).isEqualTo(guessed ? 360 : 0);
    assertThat(of(status, headers, route(0, 0, 9)).lifetime()).isEqualTo(guessed ? 9 : 0);

    headers.set("cache-control", "public");
    assertThat(of(status, headers, ROUTE).lifetime()).isEqualTo(360);
  }

  @Test
  void theRoutesOwnTimeIsForWhatSaysNothing() {
    assertThat(of(200, fields("etag: \"a\""), route(0, 0, 9)).lifetime()).isEqualTo(9);
    assertThat(of(200, fields("cache-control: max-age=5"), route(0, 0, 9)).lifetime()).isEqualTo(5);
    assertThat(of(200, fields("expires: 0"), route(0, 0, 9)).lifetime()).isZero();
  }

  // RFC 5861: what the service says goes before what the route does.
  @Test
  void theServicesWindowsGoBeforeTheRoutes() {
    Freshness both = of(200, fields("cache-control: max-age=1"), route(20, 10, 0));
    assertThat(both.onError()).isEqualTo(20);
    assertThat(both.whileRevalidating()).isEqualTo(10);

    Freshness own =
        of(
            200,
            fields("cache-control: max-age=1, stale-if-error=3, stale-while-revalidate=0"),
            route(20, 10, 0));
    assertThat(own.onError()).isEqualTo(3);
    assertThat(own.whileRevalidating()).isZero();

    Freshness broken =
        of(
            200,
            fields("cache-control: stale-if-error=x, stale-while-revalidate"),
            route(20, 10, 0));
    assertThat(broken.onError()).isZero();
    assertThat(broken.whileRevalidating()).isZero();
  }

  // RFC 9111 section 4.2.4.
  @ParameterizedTest
  @ValueSource(
      strings = {"must-revalidate", "proxy-revalidate", "s-maxage=60", "no-cache", "no-cache=\"x"})
  void someForbidAStaleAnswer(String directive) {
    assertThat(of(200, fields("cache-control: " + directive), route(9, 9, 0)).neverStale())
        .isTrue();
  }

  @Test
  void othersDoNot() {
    Freshness freshness =
        of(200, fields("cache-control: max-age=1, no-cache=\"x\", must-understand"), ROUTE);

    assertThat(freshness.neverStale()).isFalse();
    assertThat(freshness.validated()).isFalse();
    assertThat(Freshness.of(200, fields(), said("no-cache"), false, MADE, ROUTE).validated())
        .isTrue();
  }
}
