package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.NOW;
import static dev.headgate.policy.cache.Samples.fields;
import static dev.headgate.policy.cache.Samples.head;
import static dev.headgate.policy.cache.Samples.route;
import static dev.headgate.policy.cache.Samples.stored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {
  private static RequestTerms terms(String cacheControl) {
    return RequestTerms.of(
        cacheControl.isEmpty() ? fields() : fields("cache-control: " + cacheControl));
  }

  private static Stored answer(String cacheControl, CacheConfig route) {
    HttpHeaders headers = fields("cache-control: " + cacheControl);
    Freshness freshness =
        Freshness.of(200, headers, Directives.of(headers), false, NOW / 1000, route);
    return stored(head(200, freshness, "cache-control: " + cacheControl), "a");
  }

  private static Verdict of(String answer, String request, long ageMillis) {
    return Verdict.of(answer(answer, Samples.ROUTE), terms(request), NOW + ageMillis);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | FRESH",
        "9999 | FRESH",
        // RFC 9111 section 4.2: fresh as long as the lifetime is more than the age.
        "10000 | STALE",
        "10001 | STALE",
      })
  void itIsFreshForItsLifetime(long age, Verdict verdict) {
    assertThat(of("max-age=10", "", age)).isEqualTo(verdict);
  }

  // RFC 9111 section 5.2.1.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-age=5 | 5999 | FRESH",
        "max-age=5 | 6000 | REFUSED_BY_CLIENT",
        "max-age=0 | 0 | FRESH",
        "max-age=0 | 1000 | REFUSED_BY_CLIENT",
        "max-age=x | 1000 | REFUSED_BY_CLIENT",
        "max-age=99 | 10000 | STALE",
        "min-fresh=4 | 6000 | FRESH",
        "min-fresh=4 | 7000 | REFUSED_BY_CLIENT",
        "min-fresh=4 | 11000 | STALE",
        "no-cache | 0 | REFUSED_BY_CLIENT",
        "no-cache, max-stale | 0 | REFUSED_BY_CLIENT",
        "max-stale | 999999 | STALE_FOR_CLIENT",
        "max-stale | 9999 | FRESH",
        "max-stale=5 | 15000 | STALE_FOR_CLIENT",
        "max-stale=5 | 15001 | STALE",
        "max-stale=0 | 10000 | STALE_FOR_CLIENT",
        "max-stale=0 | 10001 | STALE",
        "max-stale= | 11000 | STALE",
        // Each term is kept, whatever else is asked.
        "max-age=2, max-stale=3 | 5000 | FRESH",
        "max-age=2, max-stale=3 | 6000 | REFUSED_BY_CLIENT",
        "max-age=2, max-stale=3 | 11000 | STALE",
        "max-age=2, max-stale | 9000 | FRESH",
        "max-age=2, max-stale | 99000 | STALE_FOR_CLIENT",
        "min-fresh=1, max-stale | 11000 | STALE",
        "only-if-cached | 0 | FRESH",
        "only-if-cached | 10000 | NOT_CACHED",
        "only-if-cached, max-age=1 | 2000 | NOT_CACHED",
        "only-if-cached, no-cache | 0 | NOT_CACHED",
        "only-if-cached, max-stale | 11000 | STALE_FOR_CLIENT",
      })
  void theClientHasItsTerms(String request, long age, Verdict verdict) {
    assertThat(of("max-age=10", request, age)).isEqualTo(verdict);
  }

  @Test
  void nothingIsMissingOrNotCached() {
    assertThat(Verdict.of(null, terms(""), NOW)).isEqualTo(Verdict.MISSING);
    assertThat(Verdict.of(null, terms("no-cache"), NOW)).isEqualTo(Verdict.MISSING);
    assertThat(Verdict.of(null, terms("only-if-cached"), NOW)).isEqualTo(Verdict.NOT_CACHED);
  }

  // RFC 5861 section 3.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 10000 | STALE_MEANWHILE",
        "'' | 15000 | STALE_MEANWHILE",
        "'' | 15001 | STALE",
        "max-age=99 | 11000 | STALE",
        "min-fresh=1 | 11000 | STALE",
        "no-cache | 11000 | REFUSED_BY_CLIENT",
        "only-if-cached | 11000 | STALE_MEANWHILE",
      })
  void aStaleOneIsGivenWhileAnotherIsFetched(String request, long age, Verdict verdict) {
    assertThat(of("max-age=10, stale-while-revalidate=5", request, age)).isEqualTo(verdict);
  }

  // RFC 9111 section 4.2.4.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "max-age=10, must-revalidate",
        "max-age=10, proxy-revalidate",
        "s-maxage=10",
      })
  void whatForbidsStaleAnswersIsHeeded(String directives) {
    Stored answer = answer(directives, route(99, 99, 0));

    assertThat(Verdict.of(answer, terms(""), NOW + 9_999)).isEqualTo(Verdict.FRESH);
    assertThat(Verdict.of(answer, terms(""), NOW + 10_000)).isEqualTo(Verdict.STALE);
    assertThat(Verdict.of(answer, terms("max-stale"), NOW + 10_000)).isEqualTo(Verdict.STALE);
    assertThat(Verdict.servesOnError(answer, terms("stale-if-error=99"), NOW + 10_000)).isFalse();
  }

  @Test
  void whatIsToBeValidatedIsNeverGivenWithoutThat() {
    Stored answer = answer("no-cache, max-age=10", route(99, 99, 0));

    assertThat(Verdict.of(answer, terms(""), NOW)).isEqualTo(Verdict.STALE);
    assertThat(Verdict.of(answer, terms("max-stale"), NOW)).isEqualTo(Verdict.STALE);
    assertThat(Verdict.servesOnError(answer, terms("stale-if-error=99"), NOW)).isFalse();
  }

  // RFC 5861 section 4.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stale-if-error=5 | '' | 15000 | true",
        "stale-if-error=5 | '' | 15001 | false",
        "stale-if-error=5 | stale-if-error=9 | 19000 | true",
        "stale-if-error=5 | stale-if-error=1 | 15000 | true",
        "stale-if-error=0 | '' | 10000 | false",
        "public | stale-if-error=9 | 19000 | true",
        "public | stale-if-error=9 | 19001 | false",
        "public | '' | 10000 | false",
      })
  void aStaleOneStandsInForAnError(String answer, String request, long age, boolean serves) {
    Stored one = answer("max-age=10, " + answer, Samples.ROUTE);

    assertThat(Verdict.servesOnError(one, terms(request), NOW + age)).isEqualTo(serves);
  }

  @Test
  void noTermsAndNoRouteMakeItGiveWhatIsForbidden() {
    Property.forAll(
        5_000,
        random -> {
          String said =
              words(
                  random,
                  "max-age=5",
                  "s-maxage=5",
                  "must-revalidate",
                  "proxy-revalidate",
                  "no-cache",
                  "stale-while-revalidate=9",
                  "stale-if-error=9",
                  "public");
          String asked =
              words(
                  random,
                  "max-age=3",
                  "max-age=50",
                  "min-fresh=2",
                  "max-stale",
                  "max-stale=4",
                  "no-cache",
                  "only-if-cached",
                  "stale-if-error=20");
          Stored answer = answer(said, route(random.nextInt(9), random.nextInt(9), 0));
          RequestTerms terms = terms(asked);
          long now = NOW + random.nextInt(20_000);
          Freshness freshness = answer.head().freshness();
          Stored.Use use = answer.useAt(now);

          Verdict verdict = Verdict.of(answer, terms, now);

          boolean stale = use.ttl() <= 0;
          boolean given = verdict.compareTo(Verdict.STALE_MEANWHILE) <= 0;
          if (given) {
            assertThat(said).doesNotContain("no-cache");
            assertThat(terms.noCache()).isFalse();
            assertThat(verdict == Verdict.FRESH).isEqualTo(!stale);
            assertThat(stale && freshness.neverStale()).isFalse();
            if (terms.maxAge() >= 0 && terms.maxStale() < 0) {
              assertThat(use.age()).isLessThanOrEqualTo(terms.maxAge());
              assertThat(stale).isFalse();
            }
            if (terms.minFresh() > 0) {
              assertThat(use.ttl()).isGreaterThanOrEqualTo(terms.minFresh());
            }
            if (stale) {
              assertThat(use.stale())
                  .isLessThanOrEqualTo(Math.max(terms.maxStale(), freshness.whileRevalidating()));
            }
          } else {
            assertThat(verdict == Verdict.NOT_CACHED).isEqualTo(terms.onlyIfCached());
          }
          if (Verdict.servesOnError(answer, terms, now)) {
            assertThat(freshness.neverStale()).isFalse();
          }
        });
  }

  private static String words(Random random, String... from) {
    StringBuilder words = new StringBuilder("x");
    for (int i = random.nextInt(4); i > 0; i--) {
      words.append(", ").append(Property.oneOf(random, List.of(from)));
    }
    return words.toString();
  }
}
