package dev.headgate.policy.retry;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.InstantSource;
import java.util.Date;
import java.util.concurrent.TimeUnit;

/** {@code Retry-After} (RFC 9110 section 10.2.3). */
final class RetryAfter {
  // A year: more than anybody waits, and far from overflow.
  private static final long MOST_SECONDS = TimeUnit.DAYS.toSeconds(365);
  private static final int MOST_DIGITS = 18;

  private RetryAfter() {}

  /**
   * How long the service asks to be left alone.
   *
   * @return nanoseconds; 0 where it says nothing, nothing that can be read, or a time gone by
   */
  static long nanos(HttpHeaders headers, InstantSource clock) {
    String value = headers.get(HttpHeaderNames.RETRY_AFTER);
    if (value == null || value.isEmpty()) {
      return 0;
    }
    return Character.isDigit(value.charAt(0)) ? delta(value) : date(value, clock);
  }

  private static long delta(String value) {
    long seconds = 0;
    for (int i = 0; i < value.length(); i++) {
      char digit = value.charAt(i);
      if (digit < '0' || digit > '9') {
        return 0;
      }
      seconds = i < MOST_DIGITS ? seconds * 10 + (digit - '0') : Long.MAX_VALUE;
    }
    return TimeUnit.SECONDS.toNanos(Math.min(MOST_SECONDS, seconds));
  }

  private static long date(String value, InstantSource clock) {
    Date date = DateFormatter.parseHttpDate(value);
    if (date == null) {
      return 0;
    }
    long millis = date.toInstant().toEpochMilli() - clock.millis();
    return TimeUnit.MILLISECONDS.toNanos(
        Math.max(0, Math.min(TimeUnit.SECONDS.toMillis(MOST_SECONDS), millis)));
  }
}
