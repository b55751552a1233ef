package dev.headgate.policy.idempotency;

import dev.headgate.exchange.Try;
import java.util.List;
import java.util.Set;

/** What becomes of a key when its call is over. Pure. */
enum Ending {
  /** The service's answer is the outcome. */
  KEEP,
  /** Nothing was done: the key is free again. */
  RELEASE,
  /** It may have been done or not. */
  UNKNOWN;

  // What a hop between gateway and service says of a service that it could not ask, or could.
  private static final Set<Integer> PERHAPS_OF_A_HOP = Set.of(502, 504);

  /**
   * After an answer.
   *
   * @param tries of this call, the one that answered among them
   */
  static Ending answered(int status, Set<Integer> releaseOn, List<Try> tries) {
    if (releaseOn.contains(status)) {
      // Another try may have done what this one was too late for.
      return tries.stream().anyMatch(one -> one.status() == 0 && one.ambiguous())
          ? UNKNOWN
          : RELEASE;
    }
    return PERHAPS_OF_A_HOP.contains(status) ? UNKNOWN : KEEP;
  }

  /**
   * After a failure, whoever made it, or where the call is let go.
   *
   * @param tries of this call
   */
  static Ending failed(List<Try> tries) {
    // One that was answered may have done something, and the answer was no outcome.
    return tries.stream().anyMatch(one -> one.status() != 0 || one.ambiguous()) ? UNKNOWN : RELEASE;
  }
}
