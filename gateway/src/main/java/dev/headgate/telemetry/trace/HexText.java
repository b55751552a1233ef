package dev.headgate.telemetry.trace;

import org.jspecify.annotations.Nullable;

/** Ids as traces write them. Pure. */
final class HexText {
  private static final int RADIX = 16;
  private static final int SPAN_ID = 16;

  private HexText() {}

  static boolean isLowerHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  /** Whether an id has this many digits, not all of them zero. */
  static boolean isId(@Nullable String id, int digits) {
    if (id == null || id.length() != digits) {
      return false;
    }
    boolean zero = true;
    for (int i = 0; i < digits; i++) {
      char c = id.charAt(i);
      if (!isLowerHex(c)) {
        return false;
      }
      zero &= c == '0';
    }
    return !zero;
  }

  /** Appends 16 digits. */
  static void append(StringBuilder to, long id) {
    for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
      to.append(Character.forDigit((int) (id >>> shift) & 0xf, RADIX));
    }
  }

  /** 16 digits. */
  static String of(long id) {
    StringBuilder text = new StringBuilder(SPAN_ID);
    append(text, id);
    return text.toString();
  }
}
