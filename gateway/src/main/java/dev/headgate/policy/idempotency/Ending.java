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
   * @param tries of this call, the one that answered among them, in order
   */
  static Ending answered(int status, Set<Integer> releaseOn, List<Try> tries) {
    // What was tried after the answer that is passed on, and may have been done all the same.
    boolean laterLost =
        tries.stream()
            .skip(lastWith(status, tries) + 1L)
            .anyMatch(one -> one.status() == 0 && one.ambiguous());
    if (laterLost || (PERHAPS_OF_A_HOP.contains(status) && !releaseOn.contains(status))) {
      return UNKNOWN;
    }
    if (releaseOn.contains(status)) {
      return tries.stream().allMatch(one -> didNothing(one, releaseOn)) ? RELEASE : UNKNOWN;
    }
    return KEEP;
  }

  private static int lastWith(int status, List<Try> tries) {
    for (int i = tries.size() - 1; i >= 0; i--) {
      if (tries.get(i).status() == status) {
        return i;
      }
    }
    return -1;
  }

  private static boolean didNothing(Try one, Set<Integer> releaseOn) {
    return one.status() == 0 ? !one.ambiguous() : releaseOn.contains(one.status());
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
