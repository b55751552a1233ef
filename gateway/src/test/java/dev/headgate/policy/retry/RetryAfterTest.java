package dev.headgate.policy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  private static final long YEAR = 365 * 86_400L;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "1 | 1",
        "120 | 120",
        "'Mon, 01 Jun 2026 12:00:10 GMT' | 10",
        "'Monday, 01-Jun-26 12:00:10 GMT' | 10",
        "'Mon Jun  1 12:00:10 2026' | 10",
        "'Mon, 01 Jun 2026 11:59:59 GMT' | 0",
        "'Mon, 01 Jun 1970 12:00:10 GMT' | 0",
        "'' | 0",
        "soon | 0",
        "-5 | 0",
        "1.5 | 0",
        "1 2 | 0",
        "99999999999999999999999 | " + YEAR,
        "9223372036854775807 | " + YEAR,
        "'Mon, 01 Jun 9999 12:00:10 GMT' | " + YEAR,
      })
  void secondsOrADate(String value, long seconds) {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set("retry-after", value);

    assertThat(RetryAfter.nanos(headers, InstantSource.fixed(Retries.NOW)))
        .isEqualTo(TimeUnit.SECONDS.toNanos(seconds));
  }
}
