package dev.headgate.policy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Set;

/**
 * What is known of an answer beside its content.
 *
 * @param headers never changed
 * @param initialAge its age when it came, in milliseconds (RFC 9111 section 4.2.3)
 * @param receivedMillis when it came, or was validated last, by the wall clock
 * @param tags by which it can be purged
 */
record Head(
    int status,
    HttpHeaders headers,
    Vary vary,
    Freshness freshness,
    long initialAge,
    long receivedMillis,
    Set<String> tags) {
  private static final int SECOND = 1000;

  /**
   * @param askedMillis when the request for it was sent
   */
  static Head of(
      int status,
      HttpHeaders headers,
      Vary vary,
      Freshness freshness,
      long askedMillis,
      long receivedMillis,
      Set<String> tags) {
    long made = made(headers, receivedMillis);
    long apparent = Math.max(0, receivedMillis / SECOND - made) * SECOND;
    long told = age(headers) * SECOND + Math.max(0, receivedMillis - askedMillis);
    return new Head(
        status, headers, vary, freshness, Math.max(apparent, told), receivedMillis, tags);
  }

  /** When it was made by its own account, else when it came; seconds since the epoch. */
  static long made(HttpHeaders headers, long receivedMillis) {
    long now = receivedMillis / SECOND;
    long date = HttpDates.seconds(headers.get(HttpHeaderNames.DATE), now);
    return date == HttpDates.NONE ? now : date;
  }

  // RFC 9111 section 5.1: the first of several; what cannot be read is as if it were not there.
  private static long age(HttpHeaders headers) {
    String value = headers.get(HttpHeaderNames.AGE);
    if (value == null) {
      return 0;
    }
    int comma = value.indexOf(',');
    return Math.max(
        0, Directives.deltaSeconds((comma < 0 ? value : value.substring(0, comma)).trim()));
  }
}
