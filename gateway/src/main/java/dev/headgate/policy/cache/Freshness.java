package dev.headgate.policy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Set;

/**
 * How long an answer may be used (RFC 9111 section 4.2, RFC 5861). All in seconds.
 *
 * @param lifetime from its making by the service to its being stale; 0 or more
 * @param validated whether every use has to be validated first ({@code no-cache})
 * @param neverStale whether it is of no use once stale, whatever the route says
 * @param whileRevalidating how long after that it may be given while another is fetched
 * @param onError how long after that it may be given while the service fails
 */
record Freshness(
    long lifetime, boolean validated, boolean neverStale, long whileRevalidating, long onError) {
  /** Statuses that may be kept without the service saying so (RFC 9110 section 15.1). */
  static final Set<Integer> HEURISTIC =
      Set.of(200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501);

  private static final int TENTH = 10;
  private static final long MOST_GUESSED = 24 * 60 * 60;

  /**
   * @param said what the service says of caching
   * @param targeted whether it said so to caches like this one, so that {@code Expires} is moot
   * @param made when it was made, in seconds since the epoch
   */
  static Freshness of(
      int status,
      HttpHeaders headers,
      Directives said,
      boolean targeted,
      long made,
      CacheConfig route) {
    boolean validated = said.unqualified("no-cache");
    boolean neverStale =
        validated
            || said.has("must-revalidate")
            || said.has("proxy-revalidate")
            || said.has("s-maxage");
    return new Freshness(
        lifetime(status, headers, said, targeted, made, route),
        validated,
        neverStale,
        window(said, "stale-while-revalidate", route.staleWhileRevalidate().toSeconds()),
        window(said, "stale-if-error", route.staleIfError().toSeconds()));
  }

  private static long window(Directives said, String name, long route) {
    long seconds = said.seconds(name);
    return seconds == Directives.ABSENT ? route : Math.max(0, seconds);
  }

  private static long lifetime(
      int status,
      HttpHeaders headers,
      Directives said,
      boolean targeted,
      long made,
      CacheConfig route) {
    if (isExplicit(headers, said, targeted)) {
      return explicit(headers, said, made);
    }
    if (!HEURISTIC.contains(status) && !said.has("public")) {
      return 0;
    }
    return route.defaultTtl().isZero() ? guessed(headers, made) : route.defaultTtl().toSeconds();
  }

  /** Whether the service says how long (RFC 9111 section 4.2.1). */
  static boolean isExplicit(HttpHeaders headers, Directives said, boolean targeted) {
    return said.has("s-maxage")
        || said.has("max-age")
        || (!targeted && headers.contains(HttpHeaderNames.EXPIRES));
  }

  // What is there and cannot be read makes it stale (RFC 9111 section 4.2.1).
  private static long explicit(HttpHeaders headers, Directives said, long made) {
    if (said.has("s-maxage")) {
      return Math.max(0, said.seconds("s-maxage"));
    }
    if (said.has("max-age")) {
      return Math.max(0, said.seconds("max-age"));
    }
    long expires = HttpDates.seconds(headers.get(HttpHeaderNames.EXPIRES), made);
    return expires == HttpDates.NONE
        ? 0
        : Math.min(Directives.MOST_SECONDS, Math.max(0, expires - made));
  }

  // RFC 9111 section 4.2.2: a fraction of the time since it changed, typically a tenth.
  private static long guessed(HttpHeaders headers, long made) {
    long modified = HttpDates.seconds(headers.get(HttpHeaderNames.LAST_MODIFIED), made);
    return modified == HttpDates.NONE
        ? 0
        : Math.min(MOST_GUESSED, Math.max(0, made - modified) / TENTH);
  }
}
