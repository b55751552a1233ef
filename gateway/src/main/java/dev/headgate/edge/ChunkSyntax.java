package dev.headgate.edge;

import io.netty.buffer.ByteBuf;

/**
 * What stands between the data of two chunks: the CRLF after the one and the line before the other
 * (RFC 9112 section 7.1). White space around the signs of an extension is refused, though the RFC
 * lets a recipient take it: parsers differ on it.
 */
final class ChunkSyntax extends SyntaxPart {
  private static final int MAX_DIGITS = 16;
  private static final int MAX_EXTENSIONS = 4 * 1024;

  private State state = State.SIZE;
  private long size;
  private int digits;
  private int extensions;

  private enum State {
    DATA_CR,
    DATA_LF,
    SIZE,
    NAME_START,
    NAME,
    VALUE_START,
    VALUE,
    QUOTED,
    ESCAPED,
    QUOTED_END,
    LF
  }

  /**
   * @param afterData whether a chunk came before this one
   */
  void begin(boolean afterData) {
    restart();
    state = afterData ? State.DATA_CR : State.SIZE;
    size = 0;
    digits = 0;
    extensions = 0;
  }

  /** Of the chunk that follows, in octets; 0 for the last. */
  long size() {
    return size;
  }

  @Override
  int step(ByteBuf in, int at, int end) {
    byte octet = in.getByte(at);
    return switch (state) {
      case DATA_CR ->
          octet == Octets.CR ? go(State.DATA_LF, at) : refuse(Http1Offence.BAD_CHUNK_END, at);
      case DATA_LF ->
          octet == Octets.LF ? go(State.SIZE, at) : refuse(Http1Offence.BAD_CHUNK_END, at);
      case SIZE -> size(octet, at);
      case LF -> octet == Octets.LF ? finish(at) : refuse(Http1Offence.BARE_CR, at);
      default -> extension(octet, at);
    };
  }

  private int size(byte octet, int at) {
    int digit = Octets.hex(octet);
    if (digit < 0) {
      return digits == 0 ? refuse(Http1Offence.BAD_CHUNK_SIZE, octet, at) : sizeEnd(octet, at);
    }
    digits++;
    if (digits > MAX_DIGITS || size > Long.MAX_VALUE >> 4) {
      return refuse(Http1Offence.BAD_CHUNK_SIZE, at);
    }
    size = size << 4 | digit;
    return at + 1;
  }

  private int sizeEnd(byte octet, int at) {
    return switch (octet) {
      case Octets.CR -> go(State.LF, at);
      case ';' -> go(State.NAME_START, at);
      default -> refuse(Http1Offence.BAD_CHUNK_SIZE, octet, at);
    };
  }

  private int extension(byte octet, int at) {
    if (++extensions > MAX_EXTENSIONS) {
      return refuse(Http1Offence.LONG_CHUNK_EXTENSION, at);
    }
    return switch (state) {
      case NAME_START -> word(octet, at, State.NAME);
      case NAME ->
          octet == '=' ? go(State.VALUE_START, at) : wordOrEnd(octet, at, Octets.token(octet));
      case VALUE_START -> octet == '"' ? go(State.QUOTED, at) : word(octet, at, State.VALUE);
      case VALUE -> wordOrEnd(octet, at, Octets.token(octet));
      case QUOTED -> quoted(octet, at);
      case ESCAPED -> Octets.text(octet) ? go(State.QUOTED, at) : malformed(octet, at);
      default -> wordOrEnd(octet, at, false);
    };
  }

  private int word(byte octet, int at, State next) {
    return Octets.token(octet) ? go(next, at) : malformed(octet, at);
  }

  private int wordOrEnd(byte octet, int at, boolean goesOn) {
    if (goesOn) {
      return at + 1;
    }
    return octet == Octets.CR || octet == ';' ? sizeEnd(octet, at) : malformed(octet, at);
  }

  private int quoted(byte octet, int at) {
    return switch (octet) {
      case '"' -> go(State.QUOTED_END, at);
      case '\\' -> go(State.ESCAPED, at);
      default -> Octets.text(octet) ? at + 1 : malformed(octet, at);
    };
  }

  private int malformed(byte octet, int at) {
    return refuse(Http1Offence.BAD_CHUNK_EXTENSION, octet, at);
  }

  private int go(State next, int at) {
    state = next;
    return at + 1;
  }
}
