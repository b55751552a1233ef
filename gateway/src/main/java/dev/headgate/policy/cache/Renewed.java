package dev.headgate.policy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * What an answer is kept as.
 *
 * @param allowed whether it is kept
 */
record Renewed(boolean allowed, Head head) {

  /** An answer that has just come. */
  static Renewed of(
      ResponseCache cache, int status, HttpHeaders headers, HttpHeaders request, long askedMillis) {
    return of(cache, status, headers, headers.copy(), request, askedMillis);
  }

  /** A stored answer of which a newer one says that it is still the one there is. */
  static Renewed of(
      ResponseCache cache,
      Stored stored,
      HttpHeaders newer,
      HttpHeaders request,
      long askedMillis) {
    HttpHeaders headers = Updating.updated(stored.head().headers(), newer);
    return of(cache, stored.head().status(), headers, headers, request, askedMillis);
  }

  private static Renewed of(
      ResponseCache cache,
      int status,
      HttpHeaders headers,
      HttpHeaders own,
      HttpHeaders request,
      long askedMillis) {
    long now = cache.tools().clock().millis();
    Directives targeted = Targeted.of(headers);
    Directives said = targeted == null ? Directives.of(headers) : targeted;
    Freshness freshness =
        Freshness.of(
            status, headers, said, targeted != null, Head.made(headers, now), cache.config());
    Storing storing = Storing.of(request, status, headers, said, targeted != null, freshness);
    Vary vary = Vary.of(Vary.of(headers), request);
    var tags = cache.tags(headers);
    storing.without().forEach(own::remove);
    own.remove("proxy-authentication-info");
    if (!own.contains(HttpHeaderNames.DATE)) {
      // RFC 9110 section 6.6.1.
      own.set(HttpHeaderNames.DATE, HttpDates.text(now));
    }
    return new Renewed(
        storing.allowed(), Head.of(status, own, vary, freshness, askedMillis, now, tags));
  }
}
