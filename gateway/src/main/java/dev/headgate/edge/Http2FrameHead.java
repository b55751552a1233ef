package dev.headgate.edge;

import io.netty.buffer.ByteBuf;

/**
 * The nine octets that begin a frame (RFC 9113 section 4.1), read from any split of the stream and
 * used again for the next frame.
 */
final class Http2FrameHead {
  static final int OCTETS = 9;

  private static final int END_STREAM = 0x1;
  private static final int ACK = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int STREAM_BITS = 0x7FFF_FFFF;

  private int have;
  private int length;
  private int type;
  private int flags;
  private int stream;

  /** Forgets the frame before. */
  void begin() {
    have = 0;
    length = 0;
    stream = 0;
  }

  /**
   * Reads what is still missing, or as much of it as there is.
   *
   * @return the index after what was read
   */
  int read(ByteBuf in, int from, int end) {
    if (have == 0 && end - from >= OCTETS) {
      length = in.getUnsignedMedium(from);
      type = in.getUnsignedByte(from + 3);
      flags = in.getUnsignedByte(from + 4);
      stream = in.getInt(from + 5);
      have = OCTETS;
      return from + OCTETS;
    }
    int at = from;
    while (at < end && have < OCTETS) {
      add(in.getUnsignedByte(at++));
    }
    return at;
  }

  private void add(int octet) {
    switch (have++) {
      case 0, 1, 2 -> length = (length << 8) | octet;
      case 3 -> type = octet;
      case 4 -> flags = octet;
      default -> stream = (stream << 8) | octet;
    }
  }

  boolean complete() {
    return have == OCTETS;
  }

  /** Octets of the head read so far. */
  int have() {
    return have;
  }

  /** The head as it came, its reserved bit included. */
  void writeTo(ByteBuf out) {
    out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
  }

  /** Octets of the frame's payload. */
  int length() {
    return length;
  }

  int type() {
    return type;
  }

  /** The stream's identifier, 0 for the connection's own frames. */
  int stream() {
    return stream & STREAM_BITS;
  }

  /** Of HEADERS and DATA. */
  boolean endStream() {
    return (flags & END_STREAM) != 0;
  }

  /** Of HEADERS and CONTINUATION. */
  boolean endHeaders() {
    return (flags & END_HEADERS) != 0;
  }

  /** Of SETTINGS and PING. */
  boolean ack() {
    return (flags & ACK) != 0;
  }
}
