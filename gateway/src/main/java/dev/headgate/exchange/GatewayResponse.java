package dev.headgate.exchange;

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
  /** Drops the response. */
  public void discard() {
    body.discard();
  }
}
