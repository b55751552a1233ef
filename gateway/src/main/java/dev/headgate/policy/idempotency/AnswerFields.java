package dev.headgate.policy.idempotency;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/** Which fields of an answer are kept with it. Pure. */
final class AnswerFields {
  // Of one request, not of its outcome: a repeat has its own. Hop-by-hop fields have gone before.
  private static final List<String> OF_ONE_REQUEST =
      List.of(
          "x-request-id",
          "x-correlation-id",
          "request-id",
          "traceparent",
          "tracestate",
          "b3",
          "x-b3-traceid",
          "x-b3-spanid",
          "x-b3-sampled",
          "server-timing",
          "proxy-status",
          "idempotent-replayed",
          "idempotency-status");

  private AnswerFields() {}

  /** A copy to keep. */
  static HttpHeaders kept(HttpHeaders headers) {
    HttpHeaders copy = headers.copy();
    OF_ONE_REQUEST.forEach(copy::remove);
    return copy;
  }
}
