package dev.headgate.edge;

import dev.headgate.exchange.GatewayExchange;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Which requests ask to switch protocols (RFC 9110 section 7.8). Only WebSocket is passed on: with
 * any other protocol, {@code h2c} first of all, requests would pass that nobody here has looked at.
 */
final class Upgrades {
  static final String WEBSOCKET = "websocket";

  private Upgrades() {}

  /**
   * Whether the request is a WebSocket handshake (RFC 6455 section 4.1).
   *
   * @param length of its body; over HTTP/2 what the stream carries after the switch has none
   */
  static boolean toWebSocket(HttpRequest head, long length) {
    HttpHeaders headers = head.headers();
    return headers.contains(HttpHeaderNames.UPGRADE)
        && head.method().equals(HttpMethod.GET)
        && mayUpgrade(head.protocolVersion(), length)
        && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
  }

  /**
   * Whether a client would take an ordinary response for the agreement: over HTTP/2 any successful
   * one is (RFC 8441 section 5).
   */
  static boolean wouldAgree(GatewayExchange exchange, HttpResponseStatus status) {
    return exchange.upgrade() != null
        && exchange.request().version().equals(Http2RequestHead.HTTP_2)
        && status.codeClass() == HttpStatusClass.SUCCESS;
  }

  private static boolean mayUpgrade(HttpVersion version, long length) {
    return version.equals(Http2RequestHead.HTTP_2)
        || (length == 0 && version.compareTo(HttpVersion.HTTP_1_1) >= 0);
  }
}
