package dev.headgate.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields that belong to one connection and are never passed on (RFC 9110 section 7.6.1): the
 * known ones, and whatever {@code Connection} names.
 */
public final class HopByHop {
  private static final AsciiString[] ALWAYS = {
    AsciiString.cached("keep-alive"),
    AsciiString.cached("proxy-connection"),
    HttpHeaderNames.TE,
    HttpHeaderNames.TRANSFER_ENCODING,
    HttpHeaderNames.UPGRADE,
    // Obsolete (RFC 9113 section 3.1), and of use only to smuggle an upgrade to h2c.
    AsciiString.cached("http2-settings"),
    HttpHeaderNames.PROXY_AUTHENTICATE,
    HttpHeaderNames.PROXY_AUTHORIZATION,
  };

  private HopByHop() {}

  /** Removes them all in place; {@code Content-Length} stays, being the message's own. */
  public static void strip(HttpHeaders headers) {
    dropNamed(headers);
    for (AsciiString name : ALWAYS) {
      headers.remove(name);
    }
  }

  /**
   * Removes what {@code Connection} names, and {@code Connection} itself; the framing stays, and so
   * does {@code TE}, which says whether the client takes trailers and which the next hop is told of
   * anew.
   */
  public static void dropNamed(HttpHeaders headers) {
    List<String> names = namedByConnection(headers);
    for (int i = 0; i < names.size(); i++) {
      headers.remove(names.get(i));
    }
    headers.remove(HttpHeaderNames.CONNECTION);
  }

  private static List<String> namedByConnection(HttpHeaders headers) {
    List<String> lines = headers.getAll(HttpHeaderNames.CONNECTION);
    if (lines.isEmpty()) {
      return List.of();
    }
    List<String> names = new ArrayList<>(2);
    for (String line : lines) {
      for (String option : line.split(",", -1)) {
        String name = option.trim();
        if (!name.isEmpty() && mayBeNamed(name)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  // A sender must not name end-to-end fields that every message needs; honouring that would let a
  // client strip the framing or the routing of its own request (RFC 9110 section 7.6.1).
  private static boolean mayBeNamed(String name) {
    return !name.equalsIgnoreCase("close")
        && !name.equalsIgnoreCase("content-length")
        && !name.equalsIgnoreCase("transfer-encoding")
        && !name.equalsIgnoreCase("te")
        && !name.equalsIgnoreCase("host");
  }
}
