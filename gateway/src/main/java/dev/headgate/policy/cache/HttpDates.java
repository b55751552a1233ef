package dev.headgate.policy.cache;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * HTTP-date in its three forms (RFC 9110 section 5.6.7), read as caches are to read them: without
 * regard to case (RFC 9111 section 4.2). What is in none of them is no date.
 */
final class HttpDates {
  /** No date. */
  static final long NONE = Long.MIN_VALUE;

  private static final int LONGEST = 40;
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final String TIME = "(\\d{2}):(\\d{2}):(\\d{2})";
  private static final String MONTH = "([a-z]{3})";
  private static final Pattern IMF_FIXDATE =
      Pattern.compile(
          "(?:mon|tue|wed|thu|fri|sat|sun), (\\d{2}) " + MONTH + " (\\d{4}) " + TIME + " gmt");
  private static final Pattern RFC_850 =
      Pattern.compile(
          "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday), (\\d{2})-"
              + MONTH
              + "-(\\d{2}) "
              + TIME
              + " gmt");
  private static final Pattern ASCTIME =
      Pattern.compile(
          "(?:mon|tue|wed|thu|fri|sat|sun) " + MONTH + " ([ \\d]\\d) " + TIME + " (\\d{4})");

  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private HttpDates() {}

  /** A time as it is written: IMF-fixdate. */
  static String text(long epochMillis) {
    return WRITTEN.format(Instant.ofEpochMilli(epochMillis));
  }

  /**
   * Seconds since the epoch, or {@link #NONE}.
   *
   * @param nowSeconds by which years of two digits are read: none is more than 50 years ahead
   */
  static long seconds(@Nullable String value, long nowSeconds) {
    if (value == null || value.length() > LONGEST) {
      return NONE;
    }
    String text = value.trim().toLowerCase(Locale.ROOT);
    Matcher imf = IMF_FIXDATE.matcher(text);
    if (imf.matches()) {
      return seconds(number(imf, 3), imf.group(2), number(imf, 1), imf, 4);
    }
    Matcher rfc850 = RFC_850.matcher(text);
    if (rfc850.matches()) {
      int year = year(number(rfc850, 3), nowSeconds);
      return seconds(year, rfc850.group(2), number(rfc850, 1), rfc850, 4);
    }
    Matcher asctime = ASCTIME.matcher(text);
    return asctime.matches()
        ? seconds(number(asctime, 6), asctime.group(1), number(asctime, 2), asctime, 3)
        : NONE;
  }

  private static int number(Matcher of, int group) {
    return Integer.parseInt(of.group(group).trim());
  }

  private static int year(int digits, long nowSeconds) {
    int thisYear = LocalDateTime.ofEpochSecond(nowSeconds, 0, ZoneOffset.UTC).getYear();
    int year = thisYear - thisYear % 100 + digits;
    return year > thisYear + 50 ? year - 100 : year;
  }

  private static long seconds(int year, String month, int day, Matcher time, int hours) {
    int second = number(time, hours + 2);
    try {
      return LocalDateTime.of(
              year,
              MONTHS.indexOf(month) + 1,
              day,
              number(time, hours),
              number(time, hours + 1),
              // A leap second, which the JDK's clock does not have.
              second == 60 ? 59 : second)
          .toEpochSecond(ZoneOffset.UTC);
    } catch (DateTimeException noSuchDay) {
      return NONE;
    }
  }
}
