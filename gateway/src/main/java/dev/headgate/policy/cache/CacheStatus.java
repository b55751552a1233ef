package dev.headgate.policy.cache;

import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.FailureReason;
import org.jspecify.annotations.Nullable;

/**
 * How the cache handled a request, as {@code Cache-Status} tells it (RFC 9211 section 2).
 *
 * @param result a word of a closed set, for the log and the meters
 * @param forward why the service was asked; null where it was not
 * @param status what it answered; 0 where it did not, or where that goes without saying
 * @param ttl seconds of freshness left; {@link Long#MIN_VALUE} where there is none to tell
 * @param stored whether its answer is kept
 * @param collapsed whether another's call was waited for
 * @param detail a word of a closed set; null for none
 */
record CacheStatus(
    Result result,
    @Nullable Forward forward,
    int status,
    long ttl,
    boolean stored,
    boolean collapsed,
    @Nullable String detail) {
  private static final String NAME = "Headgate";
  private static final long NO_TTL = Long.MIN_VALUE;

  /** What became of a request, in a word. */
  enum Result {
    HIT("hit"),
    STALE("stale"),
    MISS("miss"),
    REVALIDATED("revalidated"),
    COLLAPSED("collapsed"),
    BYPASS("bypass"),
    NOT_CACHED("only-if-cached");

    private final String word;

    Result(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** Why a service is asked (RFC 9211 section 2.2). */
  enum Forward {
    BYPASS("bypass"),
    METHOD("method"),
    URI_MISS("uri-miss"),
    VARY_MISS("vary-miss"),
    REQUEST("request"),
    STALE("stale"),
    PARTIAL("partial");

    private final String word;

    Forward(String word) {
      this.word = word;
    }
  }

  static CacheStatus hit(long ttl, @Nullable String detail) {
    return new CacheStatus(ttl > 0 ? Result.HIT : Result.STALE, null, 0, ttl, false, false, detail);
  }

  static CacheStatus notCached() {
    return new CacheStatus(Result.NOT_CACHED, null, 0, NO_TTL, false, false, "only-if-cached");
  }

  /** The service is asked. */
  static CacheStatus forwarded(Forward why) {
    Result result = why == Forward.BYPASS || why == Forward.METHOD ? Result.BYPASS : Result.MISS;
    return new CacheStatus(result, why, 0, NO_TTL, false, false, null);
  }

  /** What the service answered; told where there was a stored answer to compare with. */
  CacheStatus answered(int code) {
    boolean told = forward == Forward.STALE || forward == Forward.REQUEST;
    return new CacheStatus(
        code == 304 && told ? Result.REVALIDATED : result,
        forward,
        told ? code : 0,
        ttl,
        stored,
        collapsed,
        detail);
  }

  CacheStatus kept() {
    return new CacheStatus(result, forward, status, ttl, true, collapsed, detail);
  }

  CacheStatus asCollapsed() {
    return new CacheStatus(
        result == Result.MISS ? Result.COLLAPSED : result,
        forward,
        status,
        ttl,
        false,
        true,
        detail);
  }

  /**
   * A stale answer stands in for one that did not come.
   *
   * @param reason why it did not; null for one that came and is of no use
   */
  CacheStatus onError(long left, @Nullable FailureReason reason) {
    boolean wasAsked =
        reason != FailureReason.BREAKER_OPEN && reason != FailureReason.BULKHEAD_FULL;
    return new CacheStatus(
        Result.STALE, wasAsked ? forward : null, status, left, false, collapsed, "stale-if-error");
  }

  /** For the log, and for whoever writes the field. */
  ExchangeRecord.Cached record() {
    return new ExchangeRecord.Cached(result.word(), ttl == NO_TTL ? null : ttl, text());
  }

  /** The field's member. */
  String text() {
    StringBuilder text = new StringBuilder(48).append(NAME);
    if (forward != null) {
      text.append("; fwd=").append(forward.word);
    } else if (ttl != NO_TTL) {
      text.append("; hit");
    }
    if (status > 0) {
      text.append("; fwd-status=").append(status);
    }
    if (ttl != NO_TTL) {
      text.append("; ttl=").append(ttl);
    }
    if (stored) {
      text.append("; stored");
    }
    if (collapsed) {
      text.append("; collapsed");
    }
    if (detail != null) {
      text.append("; detail=").append(detail);
    }
    return text.toString();
  }
}
