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
  /** A length of 0, whatever the fields say: 205. */
  EMPTY,
  /** Content-Length. */
  LENGTH,
  /** The chunked coding. */
  CHUNKED,
  /** By closing the connection: an HTTP/1.0 client, and a length nobody knows. */
  CLOSE;

  /**
   * Whether a response to this method with this status can have content (RFC 9110 section 6.4.1).
   */
  static boolean mayHaveContent(HttpMethod method, int status) {
    return !method.equals(HttpMethod.HEAD) && status != 204 && status != 205 && status != 304;
  }

  static ResponseFraming of(HttpMethod method, HttpVersion client, GatewayResponse response) {
    int status = response.status().code();
    if (!mayHaveContent(method, status)) {
      // Other than a 204, a 205 has to say that there is nothing (RFC 9110 section 15.3.6).
      return status == 205 ? EMPTY : NONE;
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
        } else if (response.body().length() > 0
            && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
          // An answer of our own to HEAD tells what GET would give.
          headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(response.body().length()));
        }
      }
      case EMPTY -> headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
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
