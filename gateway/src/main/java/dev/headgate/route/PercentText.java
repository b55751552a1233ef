package dev.headgate.route;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * Compares percent-encoded text (RFC 3986 section 2.1) with its decoded form without building the
 * decoded form.
 *
 * <p>Decoded text is kept in a <em>canonical</em> form: the bytes of its UTF-8 encoding, one {@code
 * char} a byte. A request target is bytes too, so {@code %C3%A9} compares byte by byte, and two
 * different invalid UTF-8 sequences stay different instead of both becoming U+FFFD. A {@code %}
 * that no two hex digits follow stands for itself.
 */
final class PercentText {
  private static final String HEX = "0123456789ABCDEF";

  private PercentText() {}

  /** The canonical form of text that holds no percent-encoding. */
  static String canonical(String text) {
    return isAscii(text) ? text : new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  /** The canonical form of text that may hold percent-encodings. */
  static String canonicalOfEncoded(String text) {
    String bytes = canonical(text);
    if (bytes.indexOf('%') < 0) {
      return bytes;
    }
    return bytes(bytes, 0, bytes.length(), false).toString(ISO_8859_1);
  }

  /**
   * The text of a percent-encoded range, read as UTF-8; {@code plus} reads {@code +} as a space.
   */
  static String decode(String text, int from, int to, boolean plus) {
    boolean plain = true;
    for (int i = from; i < to && plain; i++) {
      char c = text.charAt(i);
      plain = c != '%' && c < 0x80 && !(plus && c == '+');
    }
    return plain ? text.substring(from, to) : bytes(text, from, to, plus).toString(UTF_8);
  }

  /** A hash of the range's canonical form: that of {@link #hash(String)} for equal text. */
  static int hash(String text, int from, int to, boolean plus) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      int c = text.charAt(i);
      if (c == '%') {
        int octet = octet(text, i, to);
        if (octet >= 0) {
          c = octet;
          i += 2;
        }
      } else if (plus && c == '+') {
        c = ' ';
      }
      hash = 31 * hash + c;
    }
    return hash;
  }

  /** A hash of text in canonical form. */
  static int hash(String canonical) {
    int hash = 0;
    for (int i = 0; i < canonical.length(); i++) {
      hash = 31 * hash + canonical.charAt(i);
    }
    return hash;
  }

  /** Whether the encoded range stands for this canonical text. */
  static boolean matches(String canonical, String text, int from, int to, boolean plus) {
    int length = canonical.length();
    int at = 0;
    for (int i = from; i < to; i++, at++) {
      int c = text.charAt(i);
      if (c == '%') {
        int octet = octet(text, i, to);
        if (octet >= 0) {
          c = octet;
          i += 2;
        }
      } else if (plus && c == '+') {
        c = ' ';
      }
      if (at == length || canonical.charAt(at) != c) {
        return false;
      }
    }
    return at == length;
  }

  /**
   * The octet that the encoding at {@code i} stands for, or -1 where no two hex digits follow
   * before {@code to}.
   */
  static int octet(String text, int i, int to) {
    if (i + 2 >= to) {
      return -1;
    }
    int high = Ascii.hexDigit(text.charAt(i + 1));
    int low = Ascii.hexDigit(text.charAt(i + 2));
    return high < 0 || low < 0 ? -1 : (high << 4) | low;
  }

  /** Where the first digit of what the range stands for is written, encoded or not; -1 for none. */
  static int firstDigit(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      int c = text.charAt(i);
      int octet = c == '%' ? octet(text, i, to) : -1;
      if (Ascii.isDigit(octet < 0 ? c : octet)) {
        return i;
      }
      i += octet < 0 ? 0 : 2;
    }
    return -1;
  }

  static void appendAllEncoded(StringBuilder out, String canonical) {
    for (int i = 0; i < canonical.length(); i++) {
      appendEncoded(out, canonical.charAt(i));
    }
  }

  static void appendEncoded(StringBuilder out, int octet) {
    out.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 0xF));
  }

  private static ByteArrayOutputStream bytes(String text, int from, int to, boolean plus) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
    for (int i = from; i < to; i++) {
      int c = text.charAt(i);
      if (c == '%') {
        int octet = octet(text, i, to);
        if (octet >= 0) {
          c = octet;
          i += 2;
        }
      } else if (plus && c == '+') {
        c = ' ';
      }
      out.write(c);
    }
    return out;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
