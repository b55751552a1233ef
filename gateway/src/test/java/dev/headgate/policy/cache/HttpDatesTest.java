package dev.headgate.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDatesTest {
  private static final long NOW = Instant.parse("2026-06-01T12:00:00Z").getEpochSecond();

  private static Instant read(String text) {
    return Instant.ofEpochSecond(HttpDates.seconds(text, NOW));
  }

  // RFC 9110 section 5.6.7; case as RFC 9111 section 4.2 has caches take them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sun, 06 Nov 1994 08:49:37 GMT | 1994-11-06T08:49:37Z",
        "Sunday, 06-Nov-94 08:49:37 GMT | 1994-11-06T08:49:37Z",
        "Sun Nov  6 08:49:37 1994 | 1994-11-06T08:49:37Z",
        "Sun Nov 16 08:49:37 1994 | 1994-11-16T08:49:37Z",
        "sun, 06 nov 1994 08:49:37 gmt | 1994-11-06T08:49:37Z",
        "SUNDAY, 06-NOV-94 08:49:37 GMT | 1994-11-06T08:49:37Z",
        "Sat, 29 Feb 2020 00:00:00 GMT | 2020-02-29T00:00:00Z",
        "Fri, 31 Dec 9999 23:59:59 GMT | 9999-12-31T23:59:59Z",
        // A leap second.
        "Sat, 31 Dec 2016 23:59:60 GMT | 2016-12-31T23:59:59Z",
        "Thu, 01 Jan 1970 00:00:00 GMT | 1970-01-01T00:00:00Z",
        "Mon, 01 Jan 1900 00:00:00 GMT | 1900-01-01T00:00:00Z",
      })
  void theThreeFormsAreDates(String text, Instant when) {
    assertThat(read(text)).isEqualTo(when);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "now",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 EST",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sunday, 06-Nov-94 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun,  06 Nov 1994 08:49:37 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06 Nov 1994 08:49:37 GMT",
        "Son, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nof 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 29 Feb 2026 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT, Mon, 07 Nov 1994 08:49:37 GMT",
        "1994-11-06T08:49:37Z",
        "Sun Nov 6 08:49:37 1994",
        "Sun Nov  6 08:49:37 1994 GMT",
        "Sun, ٠٦ Nov 1994 08:49:37 GMT",
      })
  void anythingElseIsNone(String text) {
    assertThat(HttpDates.seconds(text, NOW)).isEqualTo(HttpDates.NONE);
  }

  @Test
  void noFieldIsNoDate() {
    assertThat(HttpDates.seconds(null, NOW)).isEqualTo(HttpDates.NONE);
  }

  // RFC 9110 section 5.6.7: more than 50 years ahead is the last such year that has passed.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Monday, 01-Jun-26 12:00:00 GMT | 2026-06-01T12:00:00Z",
        "Monday, 01-Jun-26 12:00:01 GMT | 2026-06-01T12:00:01Z",
        "Friday, 31-Dec-75 23:59:59 GMT | 2075-12-31T23:59:59Z",
        "Monday, 01-Jun-76 12:00:00 GMT | 2076-06-01T12:00:00Z",
        "Monday, 01-Jun-76 12:00:01 GMT | 1976-06-01T12:00:01Z",
        "Friday, 31-Dec-76 23:59:59 GMT | 1976-12-31T23:59:59Z",
        "Monday, 01-Jan-77 00:00:00 GMT | 1977-01-01T00:00:00Z",
        "Friday, 31-Dec-99 23:59:59 GMT | 1999-12-31T23:59:59Z",
      })
  void aYearOfTwoDigitsIsNotMoreThan50YearsAhead(String text, Instant when) {
    assertThat(read(text)).isEqualTo(when);
  }

  @Test
  void atTheEndOfACenturyAYearOfTwoDigitsMayBeOneOfTheNext() {
    long in2099 = Instant.parse("2099-12-31T23:59:59Z").getEpochSecond();

    assertThat(Instant.ofEpochSecond(HttpDates.seconds("Friday, 01-Jan-00 00:00:01 GMT", in2099)))
        .isEqualTo("2100-01-01T00:00:01Z");
  }

  @Test
  void whatIsWrittenIsAnImfFixdate() {
    assertThat(HttpDates.text(784111777_999L)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    assertThat(HttpDates.text(0)).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
    assertThat(HttpDates.seconds(HttpDates.text(NOW * 1000), NOW)).isEqualTo(NOW);
  }
}
