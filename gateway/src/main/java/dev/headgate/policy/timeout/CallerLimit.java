package dev.headgate.policy.timeout;

import dev.headgate.exchange.TimeoutFields;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time a caller gives, by {@code X-Request-Timeout-Ms} or {@code grpc-timeout}.
 *
 * <p>A value that cannot be read, or that is beyond what a route itself may say, is as if it were
 * not there, and goes no further: the field is a wish to spend less, and a request without one is
 * served by the route's limit. Refusing it with 400 would break callers whom nobody else refuses,
 * and taking it for no limit at all would let it lengthen the route's.
 */
final class CallerLimit {
  /** No limit of the caller's. */
  static final long NONE = Long.MAX_VALUE;

  /** The most that {@code timeout.total} can say. */
  private static final long MOST = Duration.ofHours(24).toNanos();

  private static final int LONGEST_MILLIS = 9;
  private static final int LONGEST_GRPC = 8;

  private CallerLimit() {}

  /**
   * The lesser of the two; takes the fields away that say nothing.
   *
   * @return nanoseconds, {@link #NONE} where there is none; 0 where gRPC's caller has no time left
   */
  static long take(HttpHeaders headers) {
    return Math.min(
        take(headers, TimeoutFields.REQUEST_TIMEOUT, false),
        take(headers, TimeoutFields.GRPC_TIMEOUT, true));
  }

  private static long take(HttpHeaders headers, AsciiString name, boolean grpc) {
    if (headers.get(name) == null) {
      return NONE;
    }
    long least = NONE;
    for (String value : headers.getAll(name)) {
      least = Math.min(least, grpc ? grpcNanos(value) : millisToNanos(value));
    }
    if (least == NONE) {
      headers.remove(name);
    }
    return least;
  }

  /** {@code 1*DIGIT}, not zero, which elsewhere means no limit. */
  static long millisToNanos(String value) {
    long millis = digits(value, value.length(), LONGEST_MILLIS);
    return millis <= 0 ? NONE : sane(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /**
   * {@code TimeoutValue TimeoutUnit} of gRPC's protocol over HTTP/2. Its grammar has no zero, but
   * its clients send one when their time is up.
   */
  static long grpcNanos(String value) {
    int end = value.length() - 1;
    long amount = digits(value, end, LONGEST_GRPC);
    TimeUnit unit = end < 1 ? null : unit(value.charAt(end));
    return amount < 0 || unit == null ? NONE : sane(unit.toNanos(amount));
  }

  private static @Nullable TimeUnit unit(char letter) {
    return switch (letter) {
      case 'H' -> TimeUnit.HOURS;
      case 'M' -> TimeUnit.MINUTES;
      case 'S' -> TimeUnit.SECONDS;
      case 'm' -> TimeUnit.MILLISECONDS;
      case 'u' -> TimeUnit.MICROSECONDS;
      case 'n' -> TimeUnit.NANOSECONDS;
      default -> null;
    };
  }

  private static long sane(long nanos) {
    return nanos > MOST ? NONE : nanos;
  }

  private static long digits(String text, int end, int longest) {
    if (end < 1 || end > longest) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
