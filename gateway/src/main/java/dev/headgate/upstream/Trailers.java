package dev.headgate.upstream;

import dev.headgate.exchange.HopByHop;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * Trailer sections on their way through. What frames, routes or belongs to the hop means nothing
 * there, and is dropped for the sake of those who merge trailers into the head (RFC 9110 section
 * 6.5.1).
 */
final class Trailers {
  private static final AsciiString[] NEVER = {
    HttpHeaderNames.CONTENT_LENGTH,
    HttpHeaderNames.HOST,
    HttpHeaderNames.TRAILER,
    HttpHeaderNames.EXPECT,
    HttpHeaderNames.SET_COOKIE,
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
