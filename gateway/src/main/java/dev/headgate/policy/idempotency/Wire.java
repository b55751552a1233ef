package dev.headgate.policy.idempotency;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** The few things that stored bytes are made of; numbers are of 7 bits a byte, lowest first. */
final class Wire {
  private static final int MORE = 0x80;
  private static final int LOW = 0x7f;
  private static final int BITS = 7;
  private static final int WIDEST = 28;

  private Wire() {}

  /** What stored bytes are not. */
  static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  static int sizeOf(int number) {
    int size = 1;
    for (int rest = number >>> BITS; rest != 0; rest >>>= BITS) {
      size++;
    }
    return size;
  }

  /** Of a text with its length before it. */
  static int sizeOf(CharSequence text) {
    return sizeOf(text.length()) + text.length();
  }

  static final class Writer {
    private final byte[] bytes;
    private int at;

    Writer(byte[] bytes, int at) {
      this.bytes = bytes;
      this.at = at;
    }

    void octet(int value) {
      bytes[at++] = (byte) value;
    }

    void number(int value) {
      int rest = value;
      while ((rest & ~LOW) != 0) {
        octet((rest & LOW) | MORE);
        rest >>>= BITS;
      }
      octet(rest);
    }

    void raw(byte[] value) {
      System.arraycopy(value, 0, bytes, at, value.length);
      at += value.length;
    }

    /** A header's octets, each a char, as Netty has them. */
    void text(CharSequence value) {
      number(value.length());
      if (value instanceof AsciiString ascii) {
        System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, at, ascii.length());
        at += ascii.length();
      } else {
        for (int i = 0; i < value.length(); i++) {
          char c = value.charAt(i);
          octet(c > 0xff ? '?' : c);
        }
      }
    }
  }

  /** Throws {@link Malformed} where what is asked for is not there. */
  static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes, int at) {
      this.bytes = bytes;
      this.at = at;
    }

    int at() {
      return at;
    }

    int left() {
      return bytes.length - at;
    }

    int octet() {
      if (at >= bytes.length) {
        throw new Malformed("it ends too early");
      }
      return bytes[at++] & 0xff;
    }

    int number() {
      int value = 0;
      for (int shift = 0; shift <= WIDEST; shift += BITS) {
        int octet = octet();
        value |= (octet & LOW) << shift;
        if ((octet & MORE) == 0) {
          if (value < 0) {
            break;
          }
          return value;
        }
      }
      throw new Malformed("a number is too large");
    }

    byte[] raw(int length) {
      if (length < 0 || length > left()) {
        throw new Malformed("it ends too early");
      }
      byte[] value = new byte[length];
      System.arraycopy(bytes, at, value, 0, length);
      at += length;
      return value;
    }

    String text() {
      int length = number();
      if (length > left()) {
        throw new Malformed("it ends too early");
      }
      String value = new String(bytes, at, length, StandardCharsets.ISO_8859_1);
      at += length;
      return value;
    }
  }
}
