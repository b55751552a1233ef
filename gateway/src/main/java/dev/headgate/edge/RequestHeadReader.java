package dev.headgate.edge;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayFailure.Detail;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.route.HostPattern;
import dev.headgate.route.RequestPath;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a request's head as a gateway must, or says what is wrong with it. No I/O. */
final class RequestHeadReader {
  /** As many as a {@code long} surely holds. */
  private static final int MAX_LENGTH_DIGITS = 18;

  private RequestHeadReader() {}

  /**
   * @param told what the peer told of the client, where it is trusted
   * @throws GatewayFailure when the request must be refused and its connection closed
   */
  static GatewayRequest read(HttpRequest head, Peer peer, @Nullable ToldIdentity told) {
    Throwable undecodable = head.decoderResult().cause();
    if (undecodable != null) {
      throw GatewayFailure.of(reason(undecodable), undecodable);
    }
    HttpVersion version = head.protocolVersion();
    if (!known(version)) {
      throw GatewayFailure.of(FailureReason.VERSION_NOT_SUPPORTED);
    }
    refuseUnknownCoding(head);
    refuseBadLength(head);
    String authority = authority(head);
    RequestTarget target = RequestTarget.parse(head.method(), head.uri());
    if (target.authority() != null) {
      // An absolute target overrides Host (RFC 9112 section 3.2.2).
      authority = target.authority();
    }
    if (target.https() && !peer.scheme().equals("https") && !peer.trusted()) {
      // RFC 9110 section 7.4; a trusted proxy may have ended the TLS of it.
      throw malformed("target", "is an https URI, and the connection is not secured");
    }
    String problem = target.asterisk() ? null : RequestPath.problem(target.path());
    if (problem != null) {
      throw malformed("path", problem);
    }
    return new GatewayRequest(
        head.method(),
        version,
        told == null || told.scheme() == null ? peer.scheme() : told.scheme(),
        authority,
        HostPattern.normalize(authority),
        target.path(),
        target.query(),
        peer.remote(),
        peer.trusted(),
        told == null ? peer.address() : AddressText.of(told.client()),
        told == null || told.authority() == null ? authority : told.authority());
  }

  /** What can be said of a request that cannot be read, for its log line. */
  static GatewayRequest unreadable(HttpRequest head, Peer peer) {
    HttpVersion version = head.protocolVersion();
    return new GatewayRequest(
        head.method(),
        known(version) ? version : HttpVersion.HTTP_1_1,
        peer.scheme(),
        "",
        "",
        "/",
        null,
        peer.remote(),
        peer.trusted(),
        peer.address(),
        "");
  }

  // By identity: only the reader of HTTP/2 has this one, while a request line can say what it
  // likes.
  @SuppressWarnings("ReferenceEquality")
  private static boolean known(HttpVersion version) {
    return version.majorVersion() == 1 || version == Http2RequestHead.HTTP_2;
  }

  private static FailureReason reason(Throwable undecodable) {
    if (undecodable instanceof Http1Refused refused) {
      return refused.reason();
    }
    if (undecodable instanceof TooLongHttpLineException) {
      return FailureReason.URI_TOO_LONG;
    }
    return undecodable instanceof TooLongHttpHeaderException
        ? FailureReason.HEADERS_TOO_LARGE
        : FailureReason.BAD_REQUEST;
  }

  // RFC 9112 section 6.1: what cannot be decoded must not be passed on, since the next one in line
  // may frame it otherwise; HTTP/1.0 does not know the field at all.
  private static void refuseUnknownCoding(HttpRequest head) {
    List<String> codings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (codings.isEmpty()) {
      return;
    }
    if (codings.size() > 1
        || !codings.get(0).equalsIgnoreCase("chunked")
        || head.protocolVersion().minorVersion() == 0) {
      throw malformed("transfer-encoding", "is not chunked alone");
    }
  }

  // RFC 9112 section 3.2: exactly one Host in HTTP/1.1, and never a list.
  private static String authority(HttpRequest head) {
    List<String> hosts = head.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1) {
      throw malformed("host", "is given more than once");
    }
    if (hosts.isEmpty() && !head.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      throw malformed("host", "is missing");
    }
    String host = hosts.isEmpty() ? "" : hosts.get(0);
    if (!hosts.isEmpty() && !Authority.valid(host)) {
      throw malformed("host", "is not a host with an optional port");
    }
    return host;
  }

  static void refuseBadLength(HttpRequest head) {
    List<String> lengths = head.headers().getAll(HttpHeaderNames.CONTENT_LENGTH);
    for (String length : lengths) {
      boolean digits = !length.isEmpty() && length.length() <= MAX_LENGTH_DIGITS;
      for (int i = 0; digits && i < length.length(); i++) {
        digits = length.charAt(i) >= '0' && length.charAt(i) <= '9';
      }
      if (!digits || lengths.size() > 1) {
        throw malformed("content-length", "is not one decimal number");
      }
    }
  }

  static GatewayFailure malformed(String field, String message) {
    return GatewayFailure.of(FailureReason.BAD_REQUEST, List.of(new Detail(field, message)));
  }
}
