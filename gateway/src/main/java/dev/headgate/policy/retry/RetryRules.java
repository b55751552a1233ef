package dev.headgate.policy.retry;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FailureSource;
import dev.headgate.exchange.FieldValues;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.Methods;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.regex.Pattern;

/** What may be repeated, and after what. Pure. */
final class RetryRules {
  private static final Pattern FRESH =
      Pattern.compile("(?:max-age|s-maxage)=0*[1-9][0-9]*", Pattern.CASE_INSENSITIVE);

  private RetryRules() {}

  /** Whether an answer is worth another try, and that safe. */
  static boolean afterStatus(RetryOn on, GatewayExchange exchange, int status) {
    return on.answered(status) && exchange.repeatable() && exchange.body().available();
  }

  /**
   * Whether the service says for how long this is its answer ({@code max-age}, {@code s-maxage}):
   * then it is one and no accident, and to ask again is what it asks not to be done.
   */
  static boolean isMeant(HttpHeaders answer) {
    if (!answer.contains(HttpHeaderNames.CACHE_CONTROL)) {
      return false;
    }
    for (String directive : FieldValues.of(answer, HttpHeaderNames.CACHE_CONTROL)) {
      if (FRESH.matcher(directive).matches()) {
        return true;
      }
    }
    return false;
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
