package dev.headgate.edge;

import dev.headgate.exchange.GatewayResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/** How the client is told where a response ends (RFC 9112 section 6). Pure. */
enum ResponseFraming {
  /** No content, whatever the fields say: HEAD, 204, 304. */
  NONE,
  /** Content-Length. */
  LENGTH,
  /** The chunked coding. */
  CHUNKED,
  /** By closing the connection: an HTTP/1.0 client, and a length nobody knows. */
  CLOSE;

  static ResponseFraming of(HttpMethod method, HttpVersion client, GatewayResponse response) {
    int status = response.status().code();
    if (method.equals(HttpMethod.HEAD) || status == 204 || status == 304) {
      return NONE;
    }
    if (response.body().length() >= 0) {
      return LENGTH;
    }
    return client.minorVersion() == 0 ? CLOSE : CHUNKED;
  }

  /** Writes the framing fields; {@code keepAlive} must be false for {@link #CLOSE}. */
  void apply(GatewayResponse response, HttpVersion client, boolean keepAlive) {
    HttpHeaders headers = response.headers();
    switch (this) {
      case NONE -> {
        if (response.status().code() == 204) {
          headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        }
      }
      case LENGTH ->
          headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(response.body().length()));
      case CHUNKED -> {
        headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      }
      case CLOSE -> headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    }
    HttpUtil.setKeepAlive(headers, client, keepAlive);
  }
}
