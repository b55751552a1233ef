package dev.headgate.policy.retry;

import dev.headgate.exchange.FailureReason;
import java.util.Set;

/**
 * What a try may end in to be tried again.
 *
 * @param reasons failures on the way to the service
 * @param statuses answers of the service
 */
record RetryOn(Set<FailureReason> reasons, Set<Integer> statuses) {
  /** What holds for every route. */
  static final RetryOn DEFAULT =
      new RetryOn(
          Set.of(
              FailureReason.UPSTREAM_UNREACHABLE,
              FailureReason.UPSTREAM_DNS_FAILURE,
              FailureReason.UPSTREAM_CONNECT_TIMEOUT,
              FailureReason.UPSTREAM_TLS_FAILURE,
              FailureReason.UPSTREAM_CONNECTION_REFUSED,
              FailureReason.UPSTREAM_REFUSED,
              FailureReason.UPSTREAM_RESET,
              FailureReason.UPSTREAM_PREMATURE_END),
          Set.of(502, 503, 504));
}
