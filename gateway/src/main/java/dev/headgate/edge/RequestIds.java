package dev.headgate.edge;

import dev.headgate.exchange.GatewayExchange;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * By what a request is found again: in the access log, in the application's log, in traces.
 *
 * @param requestId empty where the request has none yet
 * @param traceId null where it is part of no trace
 */
record RequestIds(String requestId, @Nullable String traceId) {
  static final RequestIds NONE = new RequestIds("", null);

  private static final String REQUEST_ID = "requestId";
  private static final String TRACE_ID = "traceId";

  static RequestIds of(GatewayExchange exchange) {
    return new RequestIds(exchange.requestId(), exchange.traceId());
  }

  /** Logs something about the request. */
  void during(Runnable logging) {
    MDC.put(REQUEST_ID, requestId);
    MDC.put(TRACE_ID, Objects.requireNonNullElse(traceId, ""));
    try {
      logging.run();
    } finally {
      MDC.remove(REQUEST_ID);
      MDC.remove(TRACE_ID);
    }
  }
}
