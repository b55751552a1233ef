package dev.headgate.contract.cache;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Dates as fields have them (RFC 9110, section 5.6.7). */
final class HttpDates {
  private static final DateTimeFormatter IMF = format("EEE, dd MMM yyyy HH:mm:ss 'GMT'");
  private static final DateTimeFormatter RFC_850 = format("EEEE, dd-MMM-yy HH:mm:ss 'GMT'");
  private static final DateTimeFormatter ASCTIME = format("EEE MMM ppd HH:mm:ss yyyy");

  private HttpDates() {}

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  static String now() {
    return in(0);
  }

  /** So many seconds from now. */
  static String in(long seconds) {
    return IMF.format(Instant.now().plusSeconds(seconds));
  }

  static String ago(long seconds) {
    return in(-seconds);
  }

  /** In the form of RFC 850, with two digits for the year. */
  static String rfc850In(long seconds) {
    return RFC_850.format(Instant.now().plusSeconds(seconds));
  }

  /** As C's asctime writes it. */
  static String asctimeIn(long seconds) {
    return ASCTIME.format(Instant.now().plusSeconds(seconds));
  }
}
