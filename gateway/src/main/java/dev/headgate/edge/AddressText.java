package dev.headgate.edge;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Addresses as they stand in fields and logs. Pure: nothing is ever looked up. */
final class AddressText {
  private static final int MAX_PORT_DIGITS = 5;

  private AddressText() {}

  /** The one way to write an address (RFC 5952), without brackets and without a scope. */
  static String of(InetAddress address) {
    return NetUtil.toAddressString(address);
  }

  /**
   * Reads a node of {@code X-Forwarded-For} or {@code Forwarded} (RFC 7239 section 6): an address
   * with or without a port, IPv6 with or without brackets, all of it perhaps between quotes.
   *
   * @return null for {@code unknown}, for an obfuscated identifier and for what is no address
   */
  static @Nullable InetAddress node(String text) {
    String node = unquoted(text);
    if (node.startsWith("[")) {
      int end = node.indexOf(']');
      return end > 0 && isPortOrNothing(node, end + 1) && node.lastIndexOf(':', end) > 0
          ? address(node.substring(1, end))
          : null;
    }
    int colon = node.indexOf(':');
    boolean port = colon >= 0 && node.indexOf(':', colon + 1) < 0;
    if (!port) {
      return address(node);
    }
    return isPortOrNothing(node, colon) ? address(node.substring(0, colon)) : null;
  }

  /** An address alone, in the forms that cannot be read in two ways. */
  static @Nullable InetAddress address(String text) {
    // A scope means something on the sender's machine only; "010" is ten to some and eight to
    // others.
    if (text.indexOf('%') >= 0 || text.indexOf('[') >= 0 || hasLeadingZero(text)) {
      return null;
    }
    byte[] octets = NetUtil.createByteArrayFromIpAddressString(text);
    if (octets == null) {
      return null;
    }
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four or sixteen octets are an address", e);
    }
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  private static boolean hasLeadingZero(String text) {
    if (text.indexOf(':') >= 0) {
      return false;
    }
    for (int i = 0; i + 1 < text.length(); i++) {
      boolean begins = i == 0 || text.charAt(i - 1) == '.';
      if (begins && text.charAt(i) == '0' && text.charAt(i + 1) != '.') {
        return true;
      }
    }
    return false;
  }

  // node-port = port / obfport (RFC 7239 section 6).
  private static boolean isPortOrNothing(String node, int from) {
    if (from == node.length()) {
      return true;
    }
    if (node.charAt(from) != ':' || from + 1 == node.length()) {
      return false;
    }
    boolean obfuscated = node.charAt(from + 1) == '_';
    if (!obfuscated && node.length() - from - 1 > MAX_PORT_DIGITS) {
      return false;
    }
    for (int i = from + 1; i < node.length(); i++) {
      char c = node.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!digit && !(obfuscated && (letter || c == '_' || c == '.' || c == '-'))) {
        return false;
      }
    }
    return true;
  }
}
