package dev.headgate.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The fields by which one hop tells the next how much time is left, and what ours says there. */
public final class TimeoutFields {
  /** A whole number of milliseconds. */
  public static final AsciiString REQUEST_TIMEOUT = AsciiString.cached("x-request-timeout-ms");

  /** Of gRPC over HTTP/2: at most eight digits and a unit. */
  public static final AsciiString GRPC_TIMEOUT = AsciiString.cached("grpc-timeout");

  private static final String EVENT_STREAM = "text/event-stream";
  private static final long LEAST_MARGIN = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long MOST_MARGIN = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int MARGIN_SHARE = 20;

  private TimeoutFields() {}

  /**
   * What a try tells the service: what is left of the exchange, and of the try where it has a limit
   * of its own, less a margin, so that the service's own end arrives here before ours. The margin
   * is a twentieth, 5 to 250 ms.
   *
   * @return milliseconds, 1 or more; 0 where nothing is to be told: there is no deadline, or it
   *     ends at the head of a response that has no end of its own, and is the gateway's alone
   */
  public static long toldMillis(GatewayExchange exchange, Try one) {
    if (exchange.deadline().isNone() || (endless(exchange) && !toldBy(exchange.headers()))) {
      return 0;
    }
    long now = exchange.now();
    long left = exchange.deadline().remainingNanos(now);
    Duration limit = one.limit();
    if (limit != null) {
      left = Math.min(left, limit.toNanos() - (now - one.startNanos()));
    }
    long margin = Math.min(MOST_MARGIN, Math.max(LEAST_MARGIN, left / MARGIN_SHARE));
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(left - margin));
  }

  private static boolean toldBy(HttpHeaders headers) {
    return headers.contains(REQUEST_TIMEOUT) || headers.contains(GRPC_TIMEOUT);
  }

  // The total limit lets an event stream and a tunnel go at their head.
  private static boolean endless(GatewayExchange exchange) {
    if (exchange.upgrade() != null) {
      return true;
    }
    String accept = exchange.headers().get(HttpHeaderNames.ACCEPT);
    return accept != null && accept.contains(EVENT_STREAM);
  }
}
