package dev.headgate.edge;

import dev.headgate.exchange.GatewayResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** Response fields in the form of HTTP/2: lower case, none of a connection's (RFC 9113 8.2). */
final class Http2Fields {
  /** Fields that have no meaning in HTTP/2 and make a message malformed (section 8.2.2). */
  private static final Set<AsciiString> OF_A_CONNECTION =
      Set.of(
          HttpHeaderNames.CONNECTION,
          AsciiString.cached("proxy-connection"),
          AsciiString.cached("keep-alive"),
          HttpHeaderNames.TRANSFER_ENCODING,
          HttpHeaderNames.UPGRADE);

  private Http2Fields() {}

  /**
   * Says how long the content is, where that is known; END_STREAM says where it ends.
   *
   * @param mayHaveContent false for the answers that never have any
   */
  static void tellLength(GatewayResponse response, boolean mayHaveContent) {
    HttpHeaders headers = response.headers();
    long length = response.body().length();
    int status = response.status().code();
    if (mayHaveContent && length >= 0) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
    } else if (mayHaveContent
        || status == HttpResponseStatus.NO_CONTENT.code()
        || status == HttpResponseStatus.RESET_CONTENT.code()) {
      headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    } else if (length > 0 && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      // An answer of our own to HEAD tells what GET would give.
      headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
    }
  }

  static Http2Headers response(HttpResponseStatus status, HttpHeaders headers) {
    Http2Headers out = new DefaultHttp2Headers(false, headers.size() + 1);
    out.status(status.codeAsText());
    return copied(headers, out);
  }

  static Http2Headers trailers(HttpHeaders trailers) {
    return copied(trailers, new DefaultHttp2Headers(false, trailers.size()));
  }

  static boolean ofAConnection(CharSequence lowerCaseName) {
    return OF_A_CONNECTION.contains(AsciiString.of(lowerCaseName));
  }

  private static Http2Headers copied(HttpHeaders headers, Http2Headers out) {
    Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      AsciiString name = AsciiString.of(field.getKey()).toLowerCase();
      if (!OF_A_CONNECTION.contains(name)) {
        out.add(name, field.getValue());
      }
    }
    return out;
  }
}
