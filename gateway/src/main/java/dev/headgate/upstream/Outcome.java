package dev.headgate.upstream;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FailureSource;
import dev.headgate.exchange.Try;
import org.jspecify.annotations.Nullable;

/** What a try that has ended says of its endpoint. */
enum Outcome {
  SUCCESS,
  FAILURE,
  /** It ended for reasons that are not the endpoint's. */
  NOTHING;

  /**
   * Judges a try.
   *
   * @param tooSlow whether it was let go by a limit that was its own to keep
   * @param status of the response whose head was received, 0 for none
   * @param reason why it failed, where it did
   */
  static Outcome of(Try.End end, boolean tooSlow, int status, @Nullable FailureReason reason) {
    if (end == Try.End.FAILED) {
      return reason != null && blamesEndpoint(reason) ? FAILURE : NOTHING;
    }
    if (status >= 500) {
      return FAILURE;
    }
    // A head that came says enough, also where nobody wanted the rest of the body.
    return status > 0 ? SUCCESS : end == Try.End.CANCELLED && tooSlow ? FAILURE : NOTHING;
  }

  // What a service does not offer is no sign that it is ill.
  private static boolean blamesEndpoint(FailureReason reason) {
    return reason.source() == FailureSource.UPSTREAM
        && reason != FailureReason.UPSTREAM_UPGRADE_UNSUPPORTED;
  }
}
