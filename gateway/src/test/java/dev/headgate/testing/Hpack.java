package dev.headgate.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;

/** Header blocks with whatever is to be in them: literals without indexing (RFC 7541 6.2.2). */
public final class Hpack {
  private static final int SHORT = 0x7F;

  private Hpack() {}

  /**
   * @param fields {@code name: value}
   */
  public static byte[] literals(String... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String field : fields) {
      int colon = field.indexOf(": ", 1);
      literal(out, field.substring(0, colon), field.substring(colon + 2));
    }
    return out.toByteArray();
  }

  /** One field, of any octets. */
  public static byte[] literal(String name, String value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    literal(out, name, value);
    return out.toByteArray();
  }

  private static void literal(ByteArrayOutputStream out, String name, String value) {
    out.write(0);
    text(out, name);
    text(out, value);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] octets = text.getBytes(ISO_8859_1);
    if (octets.length < SHORT) {
      out.write(octets.length);
    } else {
      out.write(SHORT);
      int rest = octets.length - SHORT;
      while (rest >= 0x80) {
        out.write((rest & 0x7F) | 0x80);
        rest >>>= 7;
      }
      out.write(rest);
    }
    out.writeBytes(octets);
  }
}
