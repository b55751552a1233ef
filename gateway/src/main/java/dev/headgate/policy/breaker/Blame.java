package dev.headgate.policy.breaker;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FailureSource;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.Try;
import org.jspecify.annotations.Nullable;

/** Whether the way a try ended is the service's doing. Pure. */
final class Blame {
  private Blame() {}

  /** Of a failure ahead of the answer's head. */
  static boolean service(Throwable error, Try one) {
    FailureReason reason = GatewayFailure.from(error).reason();
    // The limit of a try covers the sending of its body, so clients that send slowly could open
    // the breaker of a service that is well.
    boolean clientWasLate = reason == FailureReason.UPSTREAM_TIMEOUT && one.awaitedClient();
    return service(reason) && !clientWasLate;
  }

  /** Of a failure in the answer's body. */
  static boolean service(@Nullable FailureReason reason) {
    // That it does not take an upgrade is what it is, not how it is, and any client can ask.
    return reason != null
        && reason.source() == FailureSource.UPSTREAM
        && reason != FailureReason.UPSTREAM_UPGRADE_UNSUPPORTED;
  }

  /**
   * Of a try that was let go without an answer, which is the service's doing where the exchange's
   * deadline did that and the service had had its time. A client can ask for any deadline, and a
   * late try gets what is left: that such a one was in vain says nothing.
   *
   * @param leftNanos what is left of the deadline
   * @param ranNanos since the try began; negative where it has not
   * @param patienceNanos what a service must have had to be called slow
   */
  static boolean serviceForLettingGo(Try one, long leftNanos, long ranNanos, long patienceNanos) {
    return leftNanos == 0 && ranNanos >= patienceNanos && !one.awaitedClient();
  }
}
