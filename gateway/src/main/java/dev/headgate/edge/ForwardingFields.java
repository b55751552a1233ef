package dev.headgate.edge;

import dev.headgate.exchange.GatewayRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the service who asked: {@code Forwarded} (RFC 7239), the {@code X-Forwarded-*} that came
 * before it, and {@code X-Real-IP}. What a stranger says there is replaced; a trusted proxy's word
 * is kept and added to, and both families tell the same.
 */
final class ForwardingFields {
  static final AsciiString FORWARDED = AsciiString.cached("forwarded");
  static final AsciiString FOR = AsciiString.cached("x-forwarded-for");
  static final AsciiString PROTO = AsciiString.cached("x-forwarded-proto");
  static final AsciiString HOST = AsciiString.cached("x-forwarded-host");
  static final AsciiString PORT = AsciiString.cached("x-forwarded-port");
  private static final AsciiString REAL_IP = AsciiString.cached("x-real-ip");
  private static final AsciiString CLIENT_CERT = AsciiString.cached("client-cert");

  private ForwardingFields() {}

  /**
   * Writes them in place.
   *
   * @param told what the peer told, where it is trusted
   */
  static void apply(
      HttpHeaders headers, GatewayRequest request, Peer peer, @Nullable ToldIdentity told) {
    String element = element(request, peer);
    if (told == null) {
      IdentitySpoofs.drop(headers);
      headers.set(FOR, peer.address());
      headers.set(FORWARDED, element);
      headers.set(PROTO, peer.scheme());
      set(headers, HOST, request.authority());
      headers.set(PORT, peer.port());
      if (peer.certificate() != null) {
        headers.set(CLIENT_CERT, peer.certificate());
      }
    } else {
      addTo(headers, request, peer, told, element);
    }
    headers.set(REAL_IP, request.client());
  }

  private static void addTo(
      HttpHeaders headers, GatewayRequest request, Peer peer, ToldIdentity told, String element) {
    IdentitySpoofs.dropOddSpellings(headers);
    List<String> lines = headers.getAll(FORWARDED);
    headers.set(
        FORWARDED, told.standard() ? appended(lines, element) : appended(elements(told), element));
    headers.set(FOR, appended(told.nodes(), peer.address()));
    boolean kept = !told.standard();
    if (told.scheme() == null || !kept || !headers.contains(PROTO)) {
      headers.set(PROTO, request.scheme());
    }
    if (told.authority() == null || !kept || !headers.contains(HOST)) {
      set(headers, HOST, request.publicAuthority());
    }
    if (!kept || !headers.contains(PORT)) {
      headers.set(PORT, peer.port());
    }
  }

  // X-Forwarded-For told in Forwarded's own words (RFC 7239 section 7.4). What the client's URL was
  // goes to the client's hop: readers take the first they find.
  private static List<String> elements(ToldIdentity told) {
    List<String> nodes = told.nodes();
    String[] elements = new String[nodes.size()];
    for (int i = 0; i < elements.length; i++) {
      InetAddress address = AddressText.node(nodes.get(i));
      String node = address == null ? "unknown" : quoted(AddressText.of(address));
      boolean client = i == told.index();
      elements[i] =
          "for="
              + node
              + (client && told.authority() != null ? ";host=\"" + told.authority() + '"' : "")
              + (client && told.scheme() != null ? ";proto=" + told.scheme() : "");
    }
    return List.of(elements);
  }

  private static String element(GatewayRequest request, Peer peer) {
    String authority = request.authority();
    String host = authority.isEmpty() ? "" : ";host=\"" + authority + '"';
    return "for=" + quoted(peer.address()) + host + ";proto=" + peer.scheme();
  }

  // A node with a colon, an IPv6 address or a host with its port, has to be quoted (section 4).
  private static String quoted(String address) {
    return address.indexOf(':') >= 0 ? "\"[" + address + "]\"" : address;
  }

  private static String appended(List<String> before, String last) {
    return before.isEmpty() ? last : String.join(", ", before) + ", " + last;
  }

  private static void set(HttpHeaders headers, AsciiString name, String value) {
    if (value.isEmpty()) {
      headers.remove(name);
    } else {
      headers.set(name, value);
    }
  }
}
