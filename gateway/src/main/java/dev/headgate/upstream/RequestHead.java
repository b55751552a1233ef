package dev.headgate.upstream;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.HopByHop;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;

/** What is asked of the service: the target and a freshly framed header section. */
final class RequestHead {
  // What came in was validated on its way in, and what policies set was validated in the config.
  private static final HttpHeadersFactory UNCHECKED =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private RequestHead() {}

  /**
   * The request target in origin form (RFC 9112 section 3.2.1), byte for byte as it came, or the
   * asterisk, which no base path goes before.
   */
  static String target(GatewayExchange exchange, String basePath) {
    String asked = exchange.upstreamPath();
    String path = basePath.isEmpty() || asked.equals("*") ? asked : basePath + asked;
    String query = exchange.request().query();
    return query == null ? path : path + "?" + query;
  }

  /**
   * The one copy of the headers. The framing is made anew from what the body says of itself, so
   * that no two parties can disagree on where the request ends.
   */
  static HttpHeaders headers(GatewayExchange exchange, String host) {
    HttpHeaders out = UNCHECKED.newHeaders();
    out.add(exchange.headers());
    HopByHop.strip(out);
    out.set(HttpHeaderNames.HOST, host);
    long length = exchange.body().length();
    if (length < 0) {
      out.remove(HttpHeaderNames.CONTENT_LENGTH);
      out.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    } else if (length > 0) {
      out.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
    }
    return out;
  }
}
