package dev.headgate.telemetry;

import dev.headgate.exchange.Decision;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.Try;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an exchange or a try went, in one word of a closed set: {@link #OK}, {@link #UPSTREAM_ERROR},
 * {@link #CANCELLED}, {@link #RUNNING}, or the name of a {@link FailureReason}. Pure.
 */
public final class Outcomes {
  public static final String OK = "OK";

  /** The service itself answered with a 5xx. */
  public static final String UPSTREAM_ERROR = "UPSTREAM_ERROR";

  /** Of a try: nobody wanted the rest. */
  public static final String CANCELLED = "CANCELLED";

  /** Of a try: it outlives its client's exchange, and nobody knows yet. */
  public static final String RUNNING = "RUNNING";

  private static final int SERVER_ERROR = 500;

  private Outcomes() {}

  /** Of an exchange that is over. */
  public static String of(ExchangeRecord record) {
    FailureReason reason = reason(record);
    if (reason != null) {
      return reason.name();
    }
    boolean asked = !record.tries().isEmpty() || record.route() == null;
    return record.status() >= SERVER_ERROR && asked ? UPSTREAM_ERROR : OK;
  }

  /** What it failed for; null where it did not, or where the service's own answer was passed on. */
  public static @Nullable FailureReason reason(ExchangeRecord record) {
    Set<FailureReason> flags = record.flags();
    if (flags.isEmpty()) {
      return null;
    }
    if (flags.contains(FailureReason.CLIENT_ABORTED)) {
      return FailureReason.CLIENT_ABORTED;
    }
    FailureReason last = null;
    for (FailureReason flag : flags) {
      if (flag.status() == record.status()) {
        return flag;
      }
      last = flag;
    }
    return saved(record) ? null : last;
  }

  /** Whether it ended as a failure of the gateway or the service, and not of who asked. */
  public static boolean failed(ExchangeRecord record) {
    FailureReason reason = reason(record);
    return (reason == null ? record.status() : reason.status()) >= SERVER_ERROR;
  }

  // What failed is flagged although something else stood in for it.
  private static boolean saved(ExchangeRecord record) {
    return record.status() < SERVER_ERROR
        && record.decisions().stream().anyMatch(m -> m.decision() == Decision.FALLBACK);
  }

  /** Of a try that is over. */
  public static String of(Try one) {
    FailureReason failure = failure(one);
    if (failure != null) {
      return failure.name();
    }
    if (one.end() == null) {
      return RUNNING;
    }
    if (one.end() != Try.End.COMPLETE) {
      return CANCELLED;
    }
    return one.status() >= SERVER_ERROR ? UPSTREAM_ERROR : OK;
  }

  /** What a try failed for, its own limit in time included; null where it did not. */
  public static @Nullable FailureReason failure(Try one) {
    if (one.failure() != null) {
      return one.failure();
    }
    return one.timedOut() && one.end() == Try.End.CANCELLED ? FailureReason.UPSTREAM_TIMEOUT : null;
  }
}
