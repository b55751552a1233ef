package dev.headgate.edge;

import io.netty.buffer.ByteBuf;

/** Classes of octets (RFC 9110 section 5.6), and ways over many of them at once. */
final class Octets {
  static final byte CR = '\r';
  static final byte LF = '\n';
  static final byte SP = ' ';
  static final byte TAB = '\t';
  private static final byte DEL = 0x7F;

  private static final long EACH = 0x0101010101010101L;
  private static final long HIGH_BITS = EACH << 7;

  private static final boolean[] TOKEN = new boolean[256];

  static {
    for (char c = '0'; c <= 'z'; c++) {
      TOKEN[c] = Character.isLetterOrDigit(c);
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      TOKEN[c] = true;
    }
  }

  private Octets() {}

  static boolean token(byte octet) {
    return TOKEN[octet & 0xFF];
  }

  static boolean digit(byte octet) {
    return octet >= '0' && octet <= '9';
  }

  static boolean space(byte octet) {
    return octet == SP || octet == TAB;
  }

  /** Whether a field's value or a quoted string may have it (RFC 9110 section 5.5). */
  static boolean text(byte octet) {
    return (octet & 0xFF) >= SP ? octet != DEL : octet == TAB;
  }

  /** The value of a hexadecimal digit, or -1. */
  static int hex(byte octet) {
    return digit(octet) ? octet - '0' : hexLetter((octet | 0x20) - 'a');
  }

  private static int hexLetter(int fromA) {
    return fromA >= 0 && fromA < 6 ? fromA + 10 : -1;
  }

  /** The first index that is not visible ASCII, or {@code end}. */
  static int skipVisible(ByteBuf in, int from, int end) {
    int at = from;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      long eight = in.getLongLE(at);
      long others = below(eight, SP + 1) | below(eight ^ (EACH * DEL), 1) | (eight & HIGH_BITS);
      if (others != 0) {
        return at + first(others);
      }
    }
    while (at < end && in.getByte(at) > SP && in.getByte(at) != DEL) {
      at++;
    }
    return at;
  }

  /** The first index that is not {@link #text}, or {@code end}. */
  static int skipText(ByteBuf in, int from, int end) {
    int at = from;
    while (at + Long.BYTES <= end) {
      long eight = in.getLongLE(at);
      long others = below(eight, SP) | below(eight ^ (EACH * DEL), 1);
      if (others == 0) {
        at += Long.BYTES;
      } else {
        at += first(others);
        if (in.getByte(at) != TAB) {
          return at;
        }
        at++;
      }
    }
    while (at < end && text(in.getByte(at))) {
      at++;
    }
    return at;
  }

  // The high bit of each octet below the limit, for limits up to 128. A borrow can set bits above
  // a true one, never below: the lowest is right, and that is the one taken.
  private static long below(long eight, int limit) {
    return (eight - EACH * limit) & ~eight & HIGH_BITS;
  }

  private static int first(long marks) {
    return Long.numberOfTrailingZeros(marks) >>> 3;
  }
}
