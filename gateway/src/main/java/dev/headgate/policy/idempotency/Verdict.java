package dev.headgate.policy.idempotency;

/** What a request gets whose key has an entry already. Pure. */
enum Verdict {
  /** 422: the key was another request's. */
  REUSED,
  /** 409 while the first runs, or a wait for it. */
  IN_PROGRESS,
  /** 409: nobody knows what came of the first. */
  OUTCOME_UNKNOWN,
  /** It runs again: the service itself tells that it is a repeat. */
  RUN_AGAIN,
  /** The first one's answer. */
  REPLAY,
  /** 409: it was done, and its answer was not kept. */
  NOT_STORED;

  /**
   * Judges.
   *
   * @param mine of the request; without the body's digest it is told by its head alone
   * @param upstreamIdempotent whether what may have reached the service may reach it again
   */
  static Verdict of(Entry there, Fingerprint mine, boolean upstreamIdempotent) {
    if (!there.fingerprint().matches(mine)) {
      return REUSED;
    }
    if (there instanceof Entry.Running) {
      return IN_PROGRESS;
    }
    if (there instanceof Entry.Unknown) {
      return upstreamIdempotent ? RUN_AGAIN : OUTCOME_UNKNOWN;
    }
    return there instanceof Entry.Completed ? REPLAY : NOT_STORED;
  }
}
