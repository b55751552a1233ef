package dev.headgate.edge;

import dev.headgate.exchange.GatewayRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Tells the service who asked: {@code Forwarded} (RFC 7239) and the {@code X-Forwarded-*} that came
 * before it. What a stranger says there is replaced; a trusted proxy's word is kept and added to.
 */
final class ForwardingFields {
  private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
  private static final AsciiString FOR = AsciiString.cached("x-forwarded-for");
  private static final AsciiString PROTO = AsciiString.cached("x-forwarded-proto");
  private static final AsciiString HOST = AsciiString.cached("x-forwarded-host");
  private static final AsciiString PORT = AsciiString.cached("x-forwarded-port");

  private ForwardingFields() {}

  /**
   * Writes them in place.
   *
   * @param client the peer's address, IPv6 without brackets
   * @param port the gateway's own, where the request came in
   */
  static void apply(HttpHeaders headers, GatewayRequest request, String client, String port) {
    String element = element(request, client);
    if (request.trusted()) {
      headers.set(FOR, appended(headers.getAll(FOR), client));
      headers.set(FORWARDED, appended(headers.getAll(FORWARDED), element));
      setIfAbsent(headers, PROTO, request.scheme());
      setIfAbsent(headers, HOST, request.authority());
      setIfAbsent(headers, PORT, port);
    } else {
      headers.set(FOR, client);
      headers.set(FORWARDED, element);
      headers.set(PROTO, request.scheme());
      headers.set(HOST, request.authority());
      headers.set(PORT, port);
    }
  }

  // A node with a colon, an IPv6 address or a host with its port, has to be quoted (section 4).
  private static String element(GatewayRequest request, String client) {
    String node = client.indexOf(':') >= 0 ? "\"[" + client + "]\"" : client;
    String authority = request.authority();
    String host = authority.isEmpty() ? "" : ";host=\"" + authority + "\"";
    return "for=" + node + host + ";proto=" + request.scheme();
  }

  private static String appended(List<String> lines, String last) {
    return lines.isEmpty() ? last : String.join(", ", lines) + ", " + last;
  }

  private static void setIfAbsent(HttpHeaders headers, AsciiString name, String value) {
    if (!headers.contains(name)) {
      headers.set(name, value);
    }
  }
}
