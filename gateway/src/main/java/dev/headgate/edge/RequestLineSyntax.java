package dev.headgate.edge;

import io.netty.buffer.ByteBuf;

/** The request line (RFC 9112 section 3), and one empty line before it (section 2.2). */
final class RequestLineSyntax extends SyntaxPart {
  private static final byte[] PREFIX = {'H', 'T', 'T', 'P', '/'};
  private static final int MAJOR = 5;
  private static final int DOT = 6;
  private static final int MINOR = 7;
  private static final int END = 8;

  private State state = State.START;
  private boolean emptyLine;
  private boolean targetBegun;
  private int versionOctets;
  private boolean http10;

  private enum State {
    START,
    EMPTY_LINE_LF,
    METHOD,
    TARGET,
    VERSION,
    LF
  }

  void begin() {
    restart();
    state = State.START;
    emptyLine = false;
    targetBegun = false;
    versionOctets = 0;
  }

  /** Whether nothing of the request has been seen. */
  boolean untouched() {
    return state == State.START && !emptyLine;
  }

  /** Whether the request is of HTTP/1.0, once the line is done. */
  boolean http10() {
    return http10;
  }

  @Override
  int step(ByteBuf in, int at, int end) {
    return switch (state) {
      case START -> start(in.getByte(at), at);
      case EMPTY_LINE_LF -> emptyLine(in, at);
      case METHOD -> method(in, at, end);
      case TARGET -> target(in, at, end);
      case VERSION -> version(in.getByte(at), at);
      case LF -> in.getByte(at) == Octets.LF ? finish(at) : refuse(Http1Offence.BARE_CR, at);
    };
  }

  private int start(byte octet, int at) {
    if (octet == Octets.CR) {
      if (emptyLine) {
        return refuse(Http1Offence.EMPTY_LINES, at);
      }
      emptyLine = true;
      return go(State.EMPTY_LINE_LF, at);
    }
    return Octets.token(octet) ? go(State.METHOD, at) : refuse(Http1Offence.BAD_METHOD, octet, at);
  }

  private int emptyLine(ByteBuf in, int at) {
    state = State.START;
    return expectLf(in, at, at + 1);
  }

  private int method(ByteBuf in, int from, int end) {
    for (int at = from; at < end; at++) {
      byte octet = in.getByte(at);
      if (!Octets.token(octet)) {
        return octet == Octets.SP
            ? go(State.TARGET, at)
            : refuse(Http1Offence.BAD_METHOD, octet, at);
      }
    }
    return end;
  }

  private int target(ByteBuf in, int from, int end) {
    int at = Octets.skipVisible(in, from, end);
    targetBegun |= at > from;
    if (at == end) {
      return end;
    }
    byte octet = in.getByte(at);
    return octet == Octets.SP && targetBegun
        ? go(State.VERSION, at)
        : refuse(Http1Offence.BAD_TARGET, octet, at);
  }

  private int version(byte octet, int at) {
    int position = versionOctets++;
    if (position == MAJOR && Octets.digit(octet) && octet != '1') {
      return refuse(Http1Offence.OTHER_MAJOR_VERSION, at);
    }
    if (!expected(octet, position)) {
      return refuse(Http1Offence.BAD_VERSION, octet, at);
    }
    if (position == MINOR) {
      http10 = octet == '0';
    }
    return position == END ? go(State.LF, at) : at + 1;
  }

  private static boolean expected(byte octet, int position) {
    return switch (position) {
      case MAJOR -> octet == '1';
      case DOT -> octet == '.';
      case MINOR -> Octets.digit(octet);
      case END -> octet == Octets.CR;
      default -> octet == PREFIX[position];
    };
  }

  private int go(State next, int at) {
    state = next;
    return at + 1;
  }
}
