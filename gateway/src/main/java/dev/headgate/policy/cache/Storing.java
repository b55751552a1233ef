package dev.headgate.policy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Whether a shared cache may keep an answer to a GET (RFC 9111 section 3), and whether that would
 * be of any use.
 *
 * @param allowed whether it is kept
 * @param without fields that are left out of what is kept, in lower case (sections 5.2.2.4 and
 *     5.2.2.7)
 */
record Storing(boolean allowed, Set<String> without) {
  private static final Storing NO = new Storing(false, Set.of());
  private static final int PARTIAL = 206;
  private static final int NOT_MODIFIED = 304;
  private static final int UNSATISFIABLE = 416;
  private static final Set<Integer> UNDERSTOOD =
      Set.of(302, 303, 307, 400, 403, 500, 502, 503, 504);

  private static final String PRIVATE = "private";
  private static final String NO_CACHE = "no-cache";
  private static final String PUBLIC = "public";
  private static final String S_MAXAGE = "s-maxage";
  private static final String SET_COOKIE = "set-cookie";

  /**
   * @param request the request's headers
   * @param said what the service says of caching
   * @param targeted whether it said so to caches like this one
   */
  static Storing of(
      HttpHeaders request,
      int status,
      HttpHeaders headers,
      Directives said,
      boolean targeted,
      Freshness freshness) {
    if (!ofItsUrl(status, headers)
        || forbidden(status, said)
        || Vary.of(headers).contains("*")
        || !shareable(request, said)
        || !(Freshness.isExplicit(headers, said, targeted)
            || said.has(PUBLIC)
            || Freshness.HEURISTIC.contains(status))
        || !useful(headers, freshness)) {
      return NO;
    }
    Set<String> without = new LinkedHashSet<>(said.fields(PRIVATE));
    without.addAll(said.fields(NO_CACHE));
    boolean cookies = headers.contains(HttpHeaderNames.SET_COOKIE) && !without.contains(SET_COOKIE);
    return cookies && !said.has(PUBLIC) && !said.has(S_MAXAGE) ? NO : new Storing(true, without);
  }

  /** Whether it is an answer to its URL, or a part of one that is known for that (section 3.3). */
  private static boolean ofItsUrl(int status, HttpHeaders headers) {
    return status == PARTIAL
        ? ContentRange.of(headers) != null
        : status != NOT_MODIFIED && status != UNSATISFIABLE;
  }

  /** Whether an answer says nothing of what others would get. */
  static boolean isOfRange(int status) {
    return status == PARTIAL || status == UNSATISFIABLE;
  }

  // Who understands the status heeds must-understand instead of no-store (section 5.2.2.3).
  private static boolean forbidden(int status, Directives said) {
    boolean understood = Freshness.HEURISTIC.contains(status) || UNDERSTOOD.contains(status);
    if (said.has("must-understand")) {
      return !understood || said.unqualified(PRIVATE);
    }
    return said.has("no-store") || said.unqualified(PRIVATE);
  }

  // Section 3.5.
  private static boolean shareable(HttpHeaders request, Directives said) {
    return !request.contains(HttpHeaderNames.AUTHORIZATION)
        || said.has(PUBLIC)
        || said.has(S_MAXAGE)
        || said.has("must-revalidate");
  }

  private static boolean useful(HttpHeaders headers, Freshness freshness) {
    boolean usedAsItIs =
        !freshness.validated()
            && (freshness.lifetime() > 0
                || (!freshness.neverStale()
                    && (freshness.whileRevalidating() > 0 || freshness.onError() > 0)));
    return usedAsItIs
        || headers.contains(HttpHeaderNames.ETAG)
        || headers.contains(HttpHeaderNames.LAST_MODIFIED);
  }
}
