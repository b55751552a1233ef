package dev.headgate.edge;

import io.netty.util.NetUtil;

/**
 * A host and perhaps a port, as in {@code Host} and in absolute targets (RFC 9110 sections 4.2.1
 * and 7.2, RFC 3986 section 3.2). Narrower than the RFC, which allows what services read in
 * different ways: no comma, which would make it a list; no percent-encoding, since a host is
 * matched as it is written; no zone in an address, which means nothing beyond its own machine.
 */
final class Authority {
  private static final String NAME_SIGNS = "-._~!$&'()*+;=";
  private static final int MAX_PORT = 65_535;
  private static final int MAX_PORT_DIGITS = 5;

  private Authority() {}

  /** Whether the text is a host with an optional port; an empty host is none. */
  static boolean valid(String text) {
    int end = text.startsWith("[") ? addressEnd(text) : nameEnd(text);
    return end > 0 && validPort(text, end);
  }

  private static int nameEnd(String text) {
    int at = 0;
    while (at < text.length() && inName(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean inName(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || NAME_SIGNS.indexOf(c) >= 0;
  }

  // NetUtil takes zones, which hold a percent sign.
  private static int addressEnd(String text) {
    int close = text.indexOf(']');
    boolean address =
        close > 0
            && text.lastIndexOf('%', close) < 0
            && NetUtil.isValidIpV6Address(text.substring(1, close));
    return address ? close + 1 : -1;
  }

  // An empty port is the scheme's own (RFC 3986 section 3.2.3).
  private static boolean validPort(String text, int from) {
    if (from == text.length()) {
      return true;
    }
    if (text.charAt(from) != ':' || text.length() - from - 1 > MAX_PORT_DIGITS) {
      return false;
    }
    int port = 0;
    for (int at = from + 1; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c < '0' || c > '9') {
        return false;
      }
      port = port * 10 + c - '0';
    }
    return port <= MAX_PORT;
  }
}
