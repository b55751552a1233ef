package dev.headgate.policy.fallback;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FailureSource;
import java.util.Set;

/**
 * What a fallback stands in for. Pure.
 *
 * @param failures whether all failures do that the gateway itself answers for, see {@link #failed}
 * @param statuses that do, whoever says them; 400 to 599
 */
record FallbackOn(boolean failures, Set<Integer> statuses) {
  static final FallbackOn DEFAULT = new FallbackOn(true, Set.of(502, 503, 504));

  private static final int SERVER_ERROR = 500;

  FallbackOn {
    statuses = Set.copyOf(statuses);
  }

  /** Whether an answer of the service is replaced. */
  boolean answered(int status) {
    return statuses.contains(status);
  }

  /**
   * Whether a failure is replaced: one that is not the client's, and that leaves it without the
   * service's answer. What the request itself cannot have, such as CONNECT, it cannot have
   * elsewhere either.
   */
  boolean failed(FailureReason reason) {
    boolean ours =
        reason.source() != FailureSource.CLIENT
            && reason.status() >= SERVER_ERROR
            && reason != FailureReason.METHOD_NOT_IMPLEMENTED
            && reason != FailureReason.LOOP_DETECTED
            // Without the store no service may be asked at all, and the client is to come again.
            && reason != FailureReason.IDEMPOTENCY_STORE_UNAVAILABLE;
    return ours && (failures || statuses.contains(reason.status()));
  }
}
