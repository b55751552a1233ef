package dev.headgate.upstream;

import dev.headgate.exchange.HopByHop;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * Trailer sections on their way through. What frames a message, routes it, controls it,
 * authenticates or says how to read its content means nothing there, and is dropped for the sake of
 * those who merge trailers into the head (RFC 9110 section 6.5.1).
 */
final class Trailers {
  private static final AsciiString[] NEVER = {
    HttpHeaderNames.CONTENT_LENGTH,
    HttpHeaderNames.CONTENT_ENCODING,
    HttpHeaderNames.CONTENT_TYPE,
    HttpHeaderNames.CONTENT_RANGE,
    HttpHeaderNames.HOST,
    HttpHeaderNames.TRAILER,
    HttpHeaderNames.EXPECT,
    HttpHeaderNames.MAX_FORWARDS,
    HttpHeaderNames.RANGE,
    HttpHeaderNames.IF_MATCH,
    HttpHeaderNames.IF_NONE_MATCH,
    HttpHeaderNames.IF_MODIFIED_SINCE,
    HttpHeaderNames.IF_UNMODIFIED_SINCE,
    HttpHeaderNames.IF_RANGE,
    HttpHeaderNames.AUTHORIZATION,
    HttpHeaderNames.WWW_AUTHENTICATE,
    HttpHeaderNames.COOKIE,
    HttpHeaderNames.SET_COOKIE,
    HttpHeaderNames.AGE,
    HttpHeaderNames.CACHE_CONTROL,
    HttpHeaderNames.EXPIRES,
    HttpHeaderNames.DATE,
    HttpHeaderNames.LOCATION,
    HttpHeaderNames.RETRY_AFTER,
    HttpHeaderNames.VARY,
    HttpHeaderNames.VIA,
    // What services believe of the gateway, and of nobody else.
    AsciiString.cached("forwarded"),
    AsciiString.cached("x-forwarded-for"),
    AsciiString.cached("x-forwarded-proto"),
    AsciiString.cached("x-forwarded-host"),
    AsciiString.cached("x-forwarded-port"),
    AsciiString.cached("x-real-ip"),
  };

  private Trailers() {}

  /** The same object less what may not be there. */
  static HttpHeaders cleaned(HttpHeaders trailers) {
    if (trailers.isEmpty()) {
      return EmptyHttpHeaders.INSTANCE;
    }
    HopByHop.strip(trailers);
    for (AsciiString name : NEVER) {
      trailers.remove(name);
    }
    return trailers;
  }
}
