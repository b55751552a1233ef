package dev.headgate.edge;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header section of an HTTP/2 request into the form that HTTP/1.1 ones have (RFC 9113
 * section 8.3.1), or finds it malformed (section 8.1.1). It relies on Netty's decoder for one thing
 * alone, which the map of headers no longer shows: that pseudo-header fields come first.
 */
final class Http2RequestHead {
  static final long NO_LENGTH = -1;

  static final HttpVersion HTTP_2 = new HttpVersion("HTTP", 2, 0, true);

  // Every octet is looked at here.
  private static final HttpHeadersFactory UNCHECKED =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private static final CharSequence PROTOCOL = Http2Headers.PseudoHeaderName.PROTOCOL.value();

  /** Malformed: the stream ends with PROTOCOL_ERROR. */
  static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(String what) {
      super(what, null, false, false);
    }
  }

  private final Http2Headers received;

  private Http2RequestHead(Http2Headers received) {
    this.received = received;
  }

  /**
   * @throws Malformed where the section must not be taken for a request
   */
  static HttpRequest read(Http2Headers received) {
    return new Http2RequestHead(received).read();
  }

  private HttpRequest read() {
    String method = pseudo(Http2Headers.PseudoHeaderName.METHOD);
    if (method == null || method.isEmpty() || !allMatch(method, Octets::token)) {
      throw new Malformed(":method is not a token");
    }
    boolean connect = method.equals(HttpMethod.CONNECT.name());
    String protocol = single(PROTOCOL);
    if (protocol != null && !connect) {
      throw new Malformed(":protocol without CONNECT");
    }
    String target = connect && protocol == null ? connectTarget() : target();
    HttpHeaders headers = regularFields(received);
    authority(headers);
    boolean webSocket = Upgrades.WEBSOCKET.equalsIgnoreCase(protocol);
    if (webSocket) {
      // In the form of HTTP/1.1 (RFC 8441 section 5), so that one set of routes serves both.
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
      headers.set(HttpHeaderNames.UPGRADE, Upgrades.WEBSOCKET);
    }
    // To other protocols than WebSocket it stays a CONNECT, which is refused with 501 (RFC 9220
    // section 3).
    return new DefaultHttpRequest(
        HTTP_2, webSocket ? HttpMethod.GET : HttpMethod.valueOf(method), target, headers);
  }

  private String target() {
    String scheme = pseudo(Http2Headers.PseudoHeaderName.SCHEME);
    if (scheme == null || !(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))) {
      throw new Malformed(":scheme is not of HTTP");
    }
    String path = pseudo(Http2Headers.PseudoHeaderName.PATH);
    if (path == null || path.isEmpty() || !allMatch(path, Http2RequestHead::visible)) {
      throw new Malformed(":path is empty or has octets that no target has");
    }
    if (path.charAt(0) != '/' && !path.equals(RequestTarget.ASTERISK)) {
      throw new Malformed(":path does not begin with a slash");
    }
    return path;
  }

  private String connectTarget() {
    String authority = pseudo(Http2Headers.PseudoHeaderName.AUTHORITY);
    if (authority == null
        || pseudo(Http2Headers.PseudoHeaderName.SCHEME) != null
        || pseudo(Http2Headers.PseudoHeaderName.PATH) != null) {
      throw new Malformed("CONNECT has :authority, and neither :scheme nor :path");
    }
    return authority;
  }

  // What the two say must be the same (section 8.3.1), so one of them is enough from here on.
  private void authority(HttpHeaders headers) {
    String authority = pseudo(Http2Headers.PseudoHeaderName.AUTHORITY);
    if (authority == null) {
      return;
    }
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    if (!hosts.isEmpty() && !(hosts.size() == 1 && hosts.get(0).equalsIgnoreCase(authority))) {
      throw new Malformed(":authority and host differ");
    }
    headers.set(HttpHeaderNames.HOST, authority);
  }

  private @Nullable String pseudo(Http2Headers.PseudoHeaderName name) {
    return single(name.value());
  }

  private @Nullable String single(CharSequence name) {
    List<CharSequence> all = received.getAll(name);
    if (all.size() > 1) {
      throw new Malformed(name + " is given twice");
    }
    return all.isEmpty() ? null : all.get(0).toString();
  }

  /**
   * What the request says of its content's length.
   *
   * @return in octets; {@link #NO_LENGTH} where it says nothing
   * @throws Malformed where it is not one number
   */
  static long contentLength(HttpRequest head) {
    String value = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    if (value == null) {
      return NO_LENGTH;
    }
    try {
      RequestHeadReader.refuseBadLength(head);
    } catch (RuntimeException e) {
      throw new Malformed("content-length is not one number");
    }
    return Long.parseLong(value);
  }

  /**
   * The trailer section.
   *
   * @throws Malformed where it has pseudo-header fields, or anything that a header section must not
   *     have
   */
  static HttpHeaders trailers(Http2Headers received) {
    for (Map.Entry<CharSequence, CharSequence> field : received) {
      if (isPseudo(field.getKey())) {
        throw new Malformed("a pseudo-header field in trailers");
      }
    }
    return regularFields(received);
  }

  private static HttpHeaders regularFields(Http2Headers received) {
    HttpHeaders headers = UNCHECKED.newHeaders();
    StringBuilder cookies = null;
    for (Map.Entry<CharSequence, CharSequence> field : received) {
      AsciiString name = AsciiString.of(field.getKey());
      if (isPseudo(name)) {
        continue;
      }
      String value = field.getValue().toString();
      check(name, value);
      if (HttpHeaderNames.COOKIE.contentEquals(name)) {
        // One field again for whoever does not know crumbs (section 8.2.3).
        cookies = cookies == null ? new StringBuilder() : cookies.append("; ");
        cookies.append(value);
      } else {
        headers.add(name, value);
      }
    }
    if (cookies != null) {
      headers.set(HttpHeaderNames.COOKIE, cookies.toString());
    }
    return headers;
  }

  private static boolean isPseudo(CharSequence name) {
    return name.length() > 0 && name.charAt(0) == ':';
  }

  private static void check(AsciiString name, String value) {
    if (name.isEmpty() || !allMatch(name, Http2RequestHead::inName)) {
      throw new Malformed("a name is not a lower-case token");
    }
    if (Http2Fields.ofAConnection(name)) {
      throw new Malformed(name + " belongs to HTTP/1.1");
    }
    if (HttpHeaderNames.TE.contentEquals(name) && !value.equalsIgnoreCase("trailers")) {
      throw new Malformed("te says more than trailers");
    }
    if (!allMatch(value, Octets::text) || edged(value)) {
      throw new Malformed("a value has octets that no value has");
    }
  }

  // Section 8.2.1.
  private static boolean edged(String value) {
    return !value.isEmpty()
        && (Octets.space((byte) value.charAt(0))
            || Octets.space((byte) value.charAt(value.length() - 1)));
  }

  private static boolean inName(byte octet) {
    return Octets.token(octet) && !(octet >= 'A' && octet <= 'Z');
  }

  private static boolean visible(byte octet) {
    return octet > ' ' && octet < 0x7F;
  }

  private interface OctetClass {
    boolean has(byte octet);
  }

  private static boolean allMatch(CharSequence text, OctetClass octets) {
    for (int i = 0; i < text.length(); i++) {
      // What is no octet is none that is allowed.
      if (text.charAt(i) > 0xFF || !octets.has((byte) text.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}
