package dev.headgate.edge;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The fields of a head that say where the message ends (RFC 9112 section 6.3). */
final class FramingFields {
  private static final byte[] LENGTH = ascii("content-length");
  private static final byte[] CODING = ascii("transfer-encoding");
  // Netty's codec takes a GET with the keys of WebSocket draft 76 to have a body of eight octets,
  // which nobody else does: a way to have the next request on a shared connection misread.
  private static final byte[] OLD_KEY = ascii("sec-websocket-key1");
  private static final byte[] CHUNKED = ascii("chunked");
  private static final long NONE = -1;

  private boolean http10;
  private long length = NONE;
  private boolean chunked;
  private byte @Nullable [] field;
  private Value state = Value.BEFORE;
  private int octets;

  private enum Value {
    BEFORE,
    WITHIN,
    AFTER
  }

  void begin(boolean isHttp10) {
    http10 = isHttp10;
    length = NONE;
    chunked = false;
  }

  boolean chunked() {
    return chunked;
  }

  /** In octets; 0 where the head gives none. */
  long length() {
    return Math.max(0, length);
  }

  /** One octet of a field's name, which is a token's. */
  void name(byte octet, int position) {
    int lower = octet | 0x20;
    if (position == 0) {
      field = beginningWith(lower);
    } else {
      byte[] candidate = field;
      if (candidate != null && (position >= candidate.length || candidate[position] != lower)) {
        field = null;
      }
    }
  }

  private static byte @Nullable [] beginningWith(int lower) {
    return switch (lower) {
      case 'c' -> LENGTH;
      case 't' -> CODING;
      case 's' -> OLD_KEY;
      default -> null;
    };
  }

  /** Whether the name, so long in all, is one of the fields in question. */
  boolean named(int nameLength) {
    byte[] candidate = field;
    return candidate != null && candidate.length == nameLength;
  }

  @Nullable Http1Offence fieldBegins() {
    state = Value.BEFORE;
    octets = 0;
    if (field == OLD_KEY) {
      return Http1Offence.OLD_WEBSOCKET;
    }
    boolean isLength = field == LENGTH;
    if (isLength ? chunked : length != NONE) {
      return Http1Offence.LENGTH_AND_CODING;
    }
    if (isLength) {
      return length == NONE ? null : Http1Offence.LENGTH_TWICE;
    }
    if (http10) {
      return Http1Offence.CODING_IN_HTTP_1_0;
    }
    return chunked ? Http1Offence.BAD_CODING : null;
  }

  /** One octet of such a field's value. */
  @Nullable Http1Offence value(byte octet) {
    if (Octets.space(octet)) {
      return state == Value.WITHIN ? valueEnds() : null;
    }
    if (state == Value.AFTER) {
      return field == LENGTH ? Http1Offence.BAD_LENGTH : Http1Offence.BAD_CODING;
    }
    state = Value.WITHIN;
    return field == LENGTH ? digit(octet) : letter(octet);
  }

  private @Nullable Http1Offence digit(byte octet) {
    long sofar = Math.max(0, length);
    int digit = octet - '0';
    if (!Octets.digit(octet) || ++octets > 19 || sofar > (Long.MAX_VALUE - digit) / 10) {
      return Http1Offence.BAD_LENGTH;
    }
    length = sofar * 10 + digit;
    return null;
  }

  private @Nullable Http1Offence letter(byte octet) {
    if (octets < CHUNKED.length && (octet | 0x20) == CHUNKED[octets]) {
      octets++;
      return null;
    }
    return Octets.token(octet) ? Http1Offence.UNKNOWN_CODING : Http1Offence.BAD_CODING;
  }

  /** The value, or the only word of it, ends here. */
  @Nullable Http1Offence valueEnds() {
    if (state == Value.AFTER) {
      return null;
    }
    boolean empty = state == Value.BEFORE;
    state = Value.AFTER;
    if (field == LENGTH) {
      return empty ? Http1Offence.BAD_LENGTH : null;
    }
    chunked = octets == CHUNKED.length;
    if (chunked) {
      return null;
    }
    return empty ? Http1Offence.BAD_CODING : Http1Offence.UNKNOWN_CODING;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
