package dev.headgate.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * A response on its way to the client. Whoever holds it owns its body; the headers are Netty's own
 * and may be changed in place until the head is written.
 *
 * @param status the final status, 200 to 599, or 101 where the service agreed to an {@linkplain
 *     GatewayExchange#upgrade() upgrade}; interim responses go through {@link Interim}
 * @param headers without the hop-by-hop fields of either side
 * @param body the content with its trailers
 */
public record GatewayResponse(HttpResponseStatus status, HttpHeaders headers, Body body) {
  private static final String EVENT_STREAM = "text/event-stream";

  /** Whether there is no end to wait for: a tunnel, or an event stream. */
  public boolean endless() {
    return status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS) || isEventStream();
  }

  private boolean isEventStream() {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    int end = EVENT_STREAM.length();
    return type != null
        && type.regionMatches(true, 0, EVENT_STREAM, 0, end)
        && (type.length() == end || type.charAt(end) == ';' || type.charAt(end) == ' ');
  }

  /** Drops the response. */
  public void discard() {
    body.discard();
  }
}
