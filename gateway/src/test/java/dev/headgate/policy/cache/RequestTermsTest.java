package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.fields;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTermsTest {
  private static RequestTerms terms(String... lines) {
    return RequestTerms.of(fields(lines));
  }

  @Test
  void whoAsksForNothingTakesAnything() {
    RequestTerms terms = terms("accept: */*");

    assertThat(terms)
        .isEqualTo(new RequestTerms(false, false, false, -1, -1, -1, -1))
        .isEqualTo(terms("pragma: x"));
  }

  @Test
  void eachDirectiveIsATerm() {
    assertThat(
            terms(
                "cache-control: no-cache, No-Store, max-age=1, min-fresh=2",
                "cache-control: max-stale=3, only-if-cached, stale-if-error=4"))
        .isEqualTo(new RequestTerms(true, true, true, 1, 2, 3, 4));
  }

  // RFC 9111 section 5.2.1.2.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "max-stale | 9223372036854775807",
        "max-stale=10 | 10",
        "max-stale=\"10\" | 10",
        "max-stale=0 | 0",
        // It asks for what is stale, and says how stale; where that is lost, so is the wish.
        "max-stale=x | -1",
        "max-stale= | -1",
        "max-stale= 10 | -1",
        "max-stale=\"\" | -1",
        "max-stale=\"10 | -1",
        "max-stale=-1 | -1",
      })
  void onlyMaxStaleAloneIsWithoutEnd(String directive, long seconds) {
    assertThat(terms("cache-control: " + directive).maxStale()).isEqualTo(seconds);
  }

  @ParameterizedTest
  @CsvSource({"max-age=x", "max-age=", "max-age", "max-age=-1", "max-age= 5"})
  void anAgeThatCannotBeReadIsTheLeast(String directive) {
    assertThat(terms("cache-control: " + directive).maxAge()).isZero();
  }

  // RFC 9111 section 5.4.
  @Test
  void pragmaIsHeardWhereThereIsNoCacheControl() {
    assertThat(terms("pragma: no-cache").noCache()).isTrue();
    assertThat(terms("pragma: x, No-Cache").noCache()).isTrue();
    assertThat(terms("pragma: no-cache", "cache-control: max-age=5").noCache()).isFalse();
  }
}
