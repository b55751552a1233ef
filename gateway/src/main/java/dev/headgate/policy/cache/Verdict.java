package dev.headgate.policy.cache;

import org.jspecify.annotations.Nullable;

/** What a request gets of the answer that is stored for it, if there is one. */
enum Verdict {
  /** It is fresh. */
  FRESH,
  /** It is stale, and the client takes it so. */
  STALE_FOR_CLIENT,
  /** It is stale, may be given all the same, and another is to be fetched. */
  STALE_MEANWHILE,
  /** There is none. */
  MISSING,
  /** It would do, but not for this client. */
  REFUSED_BY_CLIENT,
  /** It is stale. */
  STALE,
  /** There is none that would do, and the client wants no other. */
  NOT_CACHED;

  /**
   * @param nowMillis the wall clock
   */
  static Verdict of(@Nullable Stored stored, RequestTerms terms, long nowMillis) {
    Verdict verdict = stored == null ? MISSING : of(stored, stored.useAt(nowMillis), terms);
    boolean forwards = verdict.compareTo(STALE_MEANWHILE) > 0;
    return forwards && terms.onlyIfCached() ? NOT_CACHED : verdict;
  }

  private static Verdict of(Stored stored, Stored.Use use, RequestTerms terms) {
    Freshness freshness = stored.head().freshness();
    if (terms.noCache()) {
      return REFUSED_BY_CLIENT;
    }
    boolean tooOld = terms.maxAge() >= 0 && use.age() > terms.maxAge();
    if (use.ttl() > 0 && !freshness.validated()) {
      boolean tooSoon = terms.minFresh() >= 0 && use.ttl() < terms.minFresh();
      return tooSoon || (tooOld && terms.maxStale() < 0) ? REFUSED_BY_CLIENT : FRESH;
    }
    if (freshness.neverStale()) {
      return STALE;
    }
    if (terms.maxStale() >= -use.ttl()) {
      return STALE_FOR_CLIENT;
    }
    boolean anyDoes = terms.maxAge() < 0 && terms.minFresh() < 0;
    return anyDoes
            && freshness.whileRevalidating() >= -use.ttl()
            && freshness.whileRevalidating() > 0
        ? STALE_MEANWHILE
        : STALE;
  }

  /** Whether a stored answer may be given because the service fails (RFC 5861 section 4). */
  static boolean servesOnError(Stored stored, RequestTerms terms, long nowMillis) {
    Freshness freshness = stored.head().freshness();
    long window = Math.max(freshness.onError(), terms.staleIfError());
    return !freshness.neverStale() && window > 0 && window >= -stored.useAt(nowMillis).ttl();
  }
}
