package dev.headgate.upstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map.Entry;
import java.util.Set;

/** A request in the words of HTTP/2 (RFC 9113 section 8.3.1). */
final class Http2RequestHead {
  private static final int PSEUDO_FIELDS = 5;

  // Fields of the hop (RFC 9113 section 8.2.2), and those that pseudo-header fields take the place
  // of.
  private static final Set<AsciiString> NOT_PASSED =
      Set.of(
          AsciiString.cached("connection"),
          AsciiString.cached("keep-alive"),
          AsciiString.cached("proxy-connection"),
          AsciiString.cached("proxy-authenticate"),
          AsciiString.cached("proxy-authorization"),
          AsciiString.cached("http2-settings"),
          HttpHeaderNames.TE,
          HttpHeaderNames.TRANSFER_ENCODING,
          HttpHeaderNames.UPGRADE,
          HttpHeaderNames.HOST);

  private Http2RequestHead() {}

  /** The one copy of the headers, names in lower case. */
  static Http2Headers headers(RequestHead head) {
    Http2Headers out = new DefaultHttp2Headers(false, head.headers().size() + PSEUDO_FIELDS);
    boolean tunnel = head.upgrade() != null;
    out.method(tunnel ? HttpMethod.CONNECT.asciiName() : head.method().asciiName());
    out.scheme(head.scheme());
    out.authority(head.authority());
    out.path(head.target());
    if (tunnel) {
      out.set(Http2Headers.PseudoHeaderName.PROTOCOL.value(), head.upgrade());
    }
    copy(head.headers(), out);
    head.tell(out::set);
    if (tunnel) {
      forTunnel(out);
    } else {
      frame(out, head);
    }
    return out;
  }

  /** A trailer section of the same kind. */
  static Http2Headers trailers(HttpHeaders trailers) {
    Http2Headers out = new DefaultHttp2Headers(false, trailers.size());
    copy(trailers, out);
    return out;
  }

  private static void copy(HttpHeaders from, Http2Headers to) {
    Iterator<Entry<CharSequence, CharSequence>> fields = from.iteratorCharSequence();
    while (fields.hasNext()) {
      Entry<CharSequence, CharSequence> field = fields.next();
      AsciiString name = AsciiString.of(field.getKey()).toLowerCase();
      if (!NOT_PASSED.contains(name)) {
        to.add(name, field.getValue());
      }
    }
  }

  private static void frame(Http2Headers out, RequestHead head) {
    if (head.length() < 0) {
      out.remove(HttpHeaderNames.CONTENT_LENGTH);
    } else if (head.length() > 0) {
      out.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(head.length()));
    }
    if (head.takesTrailers()) {
      out.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
    }
  }

  // The key proves nothing here and is not sent (RFC 8441 section 5).
  private static void forTunnel(Http2Headers out) {
    out.remove(HttpHeaderNames.CONTENT_LENGTH);
    out.remove(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    if (!out.contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION)) {
      out.set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WebSocketHandshake.VERSION);
    }
  }
}
