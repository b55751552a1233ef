package dev.headgate.testing;

import io.netty.handler.codec.http2.Http2Flags;
import java.nio.ByteBuffer;

/** A frame as it came over the wire (RFC 9113 section 4.1). */
public final class Http2Frame {
  public static final int DATA = 0x0;
  public static final int HEADERS = 0x1;
  public static final int PRIORITY = 0x2;
  public static final int RST_STREAM = 0x3;
  public static final int SETTINGS = 0x4;
  public static final int PING = 0x6;
  public static final int GOAWAY = 0x7;
  public static final int WINDOW_UPDATE = 0x8;
  public static final int CONTINUATION = 0x9;

  public static final int END_STREAM = Http2Flags.END_STREAM;
  public static final int END_HEADERS = Http2Flags.END_HEADERS;
  public static final int ACK = Http2Flags.ACK;

  private final int type;
  private final int flags;
  private final int stream;
  private final byte[] payload;

  Http2Frame(int type, int flags, int stream, byte[] payload) {
    this.type = type;
    this.flags = flags;
    this.stream = stream;
    this.payload = payload;
  }

  public static Http2Frame of(int type, int flags, int stream, byte... payload) {
    return new Http2Frame(type, flags, stream, payload);
  }

  public int type() {
    return type;
  }

  public int stream() {
    return stream;
  }

  public byte[] payload() {
    return payload;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Four octets of the payload as a number. */
  int number(int at) {
    return ByteBuffer.wrap(payload).getInt(at);
  }

  static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  /** As it goes over the wire. */
  public byte[] encoded() {
    byte[] all = new byte[9 + payload.length];
    byte[] length = bytes(payload.length);
    System.arraycopy(length, 1, all, 0, 3);
    all[3] = (byte) type;
    all[4] = (byte) flags;
    System.arraycopy(bytes(stream), 0, all, 5, 4);
    System.arraycopy(payload, 0, all, 9, payload.length);
    return all;
  }
}
