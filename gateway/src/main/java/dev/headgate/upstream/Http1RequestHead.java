package dev.headgate.upstream;

import dev.headgate.exchange.HopByHop;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;

/** A request in the words of HTTP/1.1. */
final class Http1RequestHead {
  // What came in was validated on its way in, and what policies set was validated in the config.
  private static final HttpHeadersFactory UNCHECKED =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private Http1RequestHead() {}

  static HttpMethod method(RequestHead head) {
    return head.upgrade() == null ? head.method() : HttpMethod.GET;
  }

  /**
   * The one copy of the headers. The framing is made anew from what the body says of itself, so
   * that no two parties can disagree on where the request ends.
   */
  static HttpHeaders headers(RequestHead head) {
    HttpHeaders out = UNCHECKED.newHeaders();
    out.add(head.headers());
    HopByHop.strip(out);
    out.set(HttpHeaderNames.HOST, head.authority());
    joinCookies(out);
    frame(out, head.length());
    head.tell(out::set);
    if (head.upgrade() != null) {
      out.remove(HttpHeaderNames.CONTENT_LENGTH);
      out.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
      out.set(HttpHeaderNames.UPGRADE, head.upgrade());
    } else if (head.takesTrailers()) {
      out.set(HttpHeaderNames.CONNECTION, HttpHeaderNames.TE);
      out.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
    }
    return out;
  }

  /**
   * Gives a handshake that came over HTTP/2 what HTTP/1.1 needs beside it.
   *
   * @return whether the key is ours, and its proof none of the client's business
   */
  static boolean completeHandshake(HttpHeaders out) {
    if (out.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
      return false;
    }
    out.set(HttpHeaderNames.SEC_WEBSOCKET_KEY, WebSocketHandshake.newKey());
    out.set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WebSocketHandshake.VERSION);
    return true;
  }

  private static void frame(HttpHeaders out, long length) {
    if (length < 0) {
      out.remove(HttpHeaderNames.CONTENT_LENGTH);
      out.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    } else if (length > 0) {
      out.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
    }
  }

  // HTTP/2 cuts them into crumbs, which HTTP/1.1 must not see (RFC 9113 section 8.2.3).
  private static void joinCookies(HttpHeaders out) {
    List<String> crumbs = out.getAll(HttpHeaderNames.COOKIE);
    if (crumbs.size() > 1) {
      out.set(HttpHeaderNames.COOKIE, String.join("; ", crumbs));
    }
  }
}
