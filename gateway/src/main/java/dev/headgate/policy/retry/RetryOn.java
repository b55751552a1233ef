package dev.headgate.policy.retry;

import dev.headgate.exchange.FailureReason;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a try may end in to be tried again. Not to be changed once made.
 *
 * @param reasons failures on the way to the service
 * @param statuses answers of the service, 400 to 599
 */
record RetryOn(Set<FailureReason> reasons, BitSet statuses) {
  static final List<String> DEFAULT_WORDS =
      List.of("connect-failure", "reset", "refused", "502", "503", "504");

  static final Pattern WORD =
      Pattern.compile("connect-failure|reset|refused|timeout|5xx|[45][0-9][0-9]");

  static final String EXPECTED =
      "connect-failure, reset, refused, timeout, 5xx, or a status, 400..599";

  private static final String TIMEOUT = "timeout";
  private static final int SERVER_ERROR = 500;
  private static final int BEYOND = 600;

  /** Of the words of {@code retry.on}. */
  static RetryOn of(List<String> words) {
    Set<FailureReason> reasons = EnumSet.noneOf(FailureReason.class);
    BitSet statuses = new BitSet(BEYOND);
    for (String word : words) {
      switch (word) {
        // A certificate that is not trusted is not to be trusted a moment later either.
        case "connect-failure" ->
            reasons.addAll(
                Set.of(
                    FailureReason.UPSTREAM_CONNECTION_REFUSED,
                    FailureReason.UPSTREAM_UNREACHABLE,
                    FailureReason.UPSTREAM_DNS_FAILURE,
                    FailureReason.UPSTREAM_CONNECT_TIMEOUT,
                    FailureReason.UPSTREAM_TLS_FAILURE));
        case "reset" ->
            reasons.addAll(
                Set.of(FailureReason.UPSTREAM_RESET, FailureReason.UPSTREAM_PREMATURE_END));
        case "refused" ->
            reasons.addAll(
                Set.of(FailureReason.UPSTREAM_CONNECTION_REFUSED, FailureReason.UPSTREAM_REFUSED));
        case TIMEOUT -> reasons.add(FailureReason.UPSTREAM_TIMEOUT);
        case "5xx" -> statuses.set(SERVER_ERROR, BEYOND);
        default -> statuses.set(Integer.parseInt(word));
      }
    }
    return new RetryOn(reasons, statuses);
  }

  /** Whether an answer is worth another try. */
  boolean answered(int status) {
    return statuses.get(status);
  }

  /** Whether a failure is worth another try. */
  boolean failed(FailureReason reason) {
    return reasons.contains(reason);
  }

  /** Whether a try that reached its own limit is worth another. */
  boolean timeouts() {
    return reasons.contains(FailureReason.UPSTREAM_TIMEOUT);
  }
}
