package dev.headgate.edge;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Field lines up to the empty line that ends them (RFC 9112 section 5): headers or trailers. */
final class FieldSyntax extends SyntaxPart {
  private final int maxFields;
  private final @Nullable FramingFields framing;
  private State state = State.START;
  private int fields;
  private int nameLength;

  private enum State {
    START,
    NAME,
    VALUE,
    FRAMING_VALUE,
    LF,
    LAST_LF
  }

  /**
   * @param maxFields how many lines one section may have
   * @param framing told the fields that frame the message; null for trailers, where they do not
   */
  FieldSyntax(int maxFields, @Nullable FramingFields framing) {
    this.maxFields = maxFields;
    this.framing = framing;
  }

  void begin() {
    restart();
    state = State.START;
    fields = 0;
  }

  @Override
  int step(ByteBuf in, int at, int end) {
    return switch (state) {
      case START -> start(in.getByte(at), at);
      case NAME -> name(in, at, end);
      case VALUE -> value(in, at, end);
      case FRAMING_VALUE -> framingValue(in, at, end);
      case LF -> lineEnd(in, at);
      case LAST_LF -> in.getByte(at) == Octets.LF ? finish(at) : refuse(Http1Offence.BARE_CR, at);
    };
  }

  private int start(byte octet, int at) {
    if (octet == Octets.CR) {
      return go(State.LAST_LF, at);
    }
    if (Octets.space(octet)) {
      return refuse(Http1Offence.FOLDED_LINE, at);
    }
    if (octet == ':') {
      return refuse(Http1Offence.EMPTY_NAME, at);
    }
    if (++fields > maxFields) {
      return refuse(Http1Offence.TOO_MANY_FIELDS, at);
    }
    nameLength = 0;
    state = State.NAME;
    return at;
  }

  private int name(ByteBuf in, int from, int end) {
    for (int at = from; at < end; at++) {
      byte octet = in.getByte(at);
      if (!Octets.token(octet)) {
        return octet == ':' ? colon(at) : refuse(inName(octet), octet, at);
      }
      if (framing != null) {
        framing.name(octet, nameLength);
      }
      nameLength++;
    }
    return end;
  }

  private static Http1Offence inName(byte octet) {
    if (octet == Octets.CR) {
      return Http1Offence.NO_COLON;
    }
    return Octets.space(octet) ? Http1Offence.SPACE_BEFORE_COLON : Http1Offence.BAD_NAME;
  }

  private int colon(int at) {
    if (framing == null || !framing.named(nameLength)) {
      return go(State.VALUE, at);
    }
    Http1Offence offence = framing.fieldBegins();
    return offence == null ? go(State.FRAMING_VALUE, at) : refuse(offence, at);
  }

  private int value(ByteBuf in, int from, int end) {
    int at = Octets.skipText(in, from, end);
    if (at == end) {
      return end;
    }
    byte octet = in.getByte(at);
    return octet == Octets.CR ? go(State.LF, at) : refuse(Http1Offence.CONTROL_IN_VALUE, octet, at);
  }

  private int framingValue(ByteBuf in, int from, int end) {
    FramingFields fields = Objects.requireNonNull(framing);
    for (int at = from; at < end; at++) {
      byte octet = in.getByte(at);
      if (!Octets.text(octet) && octet != Octets.CR) {
        return refuse(Http1Offence.CONTROL_IN_VALUE, octet, at);
      }
      Http1Offence offence = octet == Octets.CR ? fields.valueEnds() : fields.value(octet);
      if (offence != null) {
        return refuse(offence, at);
      }
      if (octet == Octets.CR) {
        return go(State.LF, at);
      }
    }
    return end;
  }

  private int lineEnd(ByteBuf in, int at) {
    state = State.START;
    return expectLf(in, at, at + 1);
  }

  private int go(State next, int at) {
    state = next;
    return at + 1;
  }
}
