package dev.headgate.policy.retry;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Set;

/** Whether and when to try again. Pure. */
final class RetryDecision {
  /** Safe methods (RFC 9110 section 9.2.1): asking twice is asking once. */
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

  private static final Duration BASE = Duration.ofMillis(25);
  private static final Duration MAX = Duration.ofMillis(250);

  private RetryDecision() {}

  /** Whether an answer is worth another try. */
  static boolean afterStatus(GatewayExchange exchange, int status) {
    return RetryOn.DEFAULT.statuses().contains(status) && mayRepeat(exchange);
  }

  /** Whether a failure is worth another try, and safe. */
  static boolean afterFailure(GatewayExchange exchange, FailureReason reason) {
    return RetryOn.DEFAULT.reasons().contains(reason)
        && !exchange.bodyTaken()
        && (reason.provesNotReceived() || mayRepeat(exchange));
  }

  private static boolean mayRepeat(GatewayExchange exchange) {
    // A body has been taken by the first try; without one there is nothing to send again.
    return SAFE.contains(exchange.request().method()) && exchange.body().length() == 0;
  }

  /**
   * How long to wait before the next try: exponential with full jitter, so that clients that failed
   * together do not come back together.
   *
   * @param attempt tries so far, from 1
   * @param random 0 (inclusive) to 1 (exclusive)
   */
  static long backoffNanos(int attempt, double random) {
    long ceiling = Math.min(MAX.toNanos(), BASE.toNanos() << Math.min(attempt - 1, 16));
    return (long) (ceiling * random);
  }
}
