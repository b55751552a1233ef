package dev.headgate.contract.table;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Octets written as text: {@code \r \n \t \\ \0}, {@code \s} for a space at an end of a column,
 * {@code \x1b} for any octet, and {@code \{100*text}} for text that comes again and again.
 */
final class Escapes {
  private final String text;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int at;

  private Escapes(String text) {
    this.text = text;
  }

  /**
   * @throws IllegalArgumentException where an escape is none of these
   */
  static byte[] decode(String text) {
    return new Escapes(text).decode();
  }

  private byte[] decode() {
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\\') {
        escape();
      } else {
        out.write(c);
      }
    }
    return out.toByteArray();
  }

  private void escape() {
    char kind = at < text.length() ? text.charAt(at++) : ' ';
    switch (kind) {
      case 'r' -> out.write('\r');
      case 'n' -> out.write('\n');
      case 't' -> out.write('\t');
      case '0' -> out.write(0);
      case 's' -> out.write(' ');
      case '\\' -> out.write('\\');
      case 'x' -> out.write(Integer.parseInt(take(2), 16));
      case '{' -> repeat();
      default -> throw new IllegalArgumentException("unknown escape \\" + kind + " in " + text);
    }
  }

  private String take(int length) {
    at += length;
    return text.substring(at - length, at);
  }

  private void repeat() {
    int star = text.indexOf('*', at);
    int end = star < 0 ? -1 : closing(star);
    if (end < 0) {
      throw new IllegalArgumentException("a repetition is written \\{100*text}: " + text);
    }
    int times = Integer.parseInt(text.substring(at, star));
    byte[] once = decode(text.substring(star + 1, end));
    for (int i = 0; i < times; i++) {
      out.writeBytes(once);
    }
    at = end + 1;
  }

  /** Of the brace that is open at {@code from}; within it others may be opened and closed. */
  private int closing(int from) {
    int open = 1;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      open += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
    return -1;
  }

  /** As one would read it in a log. */
  static String latin1(byte[] octets) {
    return new String(octets, StandardCharsets.ISO_8859_1);
  }
}
