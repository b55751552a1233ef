package dev.headgate.edge;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * {@code Date} for the responses that come without one (RFC 9110 section 6.6.1). The text changes
 * once a second, so it is made once a second.
 */
final class HttpDate {
  private static final long MILLIS_PER_SECOND = 1_000;

  // IMF-fixdate (RFC 9110 section 5.6.7); Java's own RFC 1123 leaves a zero of the day out.
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private record Written(long second, String text) {}

  // Whoever is late to see a newer one writes the same text again.
  private static volatile Written current = new Written(0, "");

  private HttpDate() {}

  static void addIfAbsent(HttpHeaders headers) {
    if (!headers.contains(HttpHeaderNames.DATE)) {
      headers.set(HttpHeaderNames.DATE, at(System.currentTimeMillis()));
    }
  }

  static String at(long millis) {
    long second = millis / MILLIS_PER_SECOND;
    Written last = current;
    if (last.second() != second) {
      last = new Written(second, FORMAT.format(Instant.ofEpochSecond(second)));
      current = last;
    }
    return last.text();
  }
}
