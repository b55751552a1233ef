package dev.headgate.policy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * On what terms a request takes a stored answer (RFC 9111 sections 5.2.1 and 5.4). Seconds, or
 * {@link Directives#ABSENT}.
 *
 * @param noCache only one that the service has just confirmed
 * @param maxStale how long after it has become stale; {@link Long#MAX_VALUE} for however long
 */
record RequestTerms(
    boolean noCache,
    boolean noStore,
    boolean onlyIfCached,
    long maxAge,
    long minFresh,
    long maxStale,
    long staleIfError) {
  /** Whatever the service allows. */
  static final RequestTerms ANY =
      new RequestTerms(
          false,
          false,
          false,
          Directives.ABSENT,
          Directives.ABSENT,
          Directives.ABSENT,
          Directives.ABSENT);

  static RequestTerms of(HttpHeaders request) {
    if (!request.contains(HttpHeaderNames.CACHE_CONTROL)) {
      return request.contains(HttpHeaderNames.PRAGMA) ? ofPragma(request) : ANY;
    }
    Directives said = Directives.of(request);
    return new RequestTerms(
        said.has("no-cache"),
        said.has("no-store"),
        said.has("only-if-cached"),
        strict(said.seconds("max-age")),
        strict(said.seconds("min-fresh")),
        maxStale(said),
        Math.max(Directives.ABSENT, said.seconds("stale-if-error")));
  }

  // A number that cannot be read is taken for the least, or for none: the wish was for freshness.
  private static long strict(long seconds) {
    return seconds == Directives.INVALID ? 0 : seconds;
  }

  private static long maxStale(Directives said) {
    return said.unqualified("max-stale")
        ? Long.MAX_VALUE
        : Math.max(Directives.ABSENT, said.seconds("max-stale"));
  }

  private static RequestTerms ofPragma(HttpHeaders request) {
    boolean noCache = Directives.parse(request.getAll(HttpHeaderNames.PRAGMA)).has("no-cache");
    return noCache
        ? new RequestTerms(
            true,
            false,
            false,
            Directives.ABSENT,
            Directives.ABSENT,
            Directives.ABSENT,
            Directives.ABSENT)
        : ANY;
  }
}
