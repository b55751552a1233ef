package dev.headgate.policy.retry;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FailureSource;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.Methods;

/** What may be repeated, and after what. Pure. */
final class RetryRules {
  private RetryRules() {}

  /** Whether an answer is worth another try, and that safe. */
  static boolean afterStatus(RetryOn on, GatewayExchange exchange, int status) {
    return on.answered(status) && exchange.repeatable() && exchange.body().available();
  }

  /** Whether a failure is worth another try, and that safe. */
  static boolean afterFailure(RetryOn on, GatewayExchange exchange, FailureReason reason) {
    return on.failed(reason)
        && (reason.provesNotReceived() || exchange.repeatable())
        && exchange.body().available();
  }

  /** Whether a second try may run beside the first: then no body would do for both. */
  static boolean mayHedge(GatewayExchange exchange) {
    return Methods.isSafe(exchange.request().method().name())
        && exchange.upgrade() == null
        && exchange.body().length() == 0;
  }

  /**
   * Whether a real answer that came before says more than this failure: not where the client is to
   * blame, nor where it is a defect of ours that should be seen.
   */
  static boolean yieldsToAnswer(FailureReason reason) {
    return reason.source() != FailureSource.CLIENT && reason != FailureReason.INTERNAL_ERROR;
  }
}
