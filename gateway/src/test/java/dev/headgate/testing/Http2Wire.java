package dev.headgate.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The server's end of an HTTP/2 connection, frame by frame, so that a test can say what no library
 * would. It acknowledges SETTINGS and keeps the windows in which it may send; all else is said by
 * the test.
 */
public final class Http2Wire {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;

  public static final int MAX_CONCURRENT_STREAMS = 3;
  public static final int INITIAL_WINDOW_SIZE = 4;
  public static final int ENABLE_CONNECT_PROTOCOL = 8;

  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int MAX_FRAME = 16 * 1024;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final Wire wire;
  private final DefaultHttp2HeadersDecoder hpackIn = new DefaultHttp2HeadersDecoder(false);
  private final Map<Integer, Long> windows = new HashMap<>();
  private long initialWindow = 65_535;
  private long window = 65_535;

  /**
   * One frame as it came.
   *
   * @param text its payload, one character a byte
   */
  public record Frame(int type, int flags, int stream, String text) {
    public boolean endsStream() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /** What RST_STREAM says. */
    public int errorCode() {
      return (int) number(bytes(), 0);
    }

    private byte[] bytes() {
      return text.getBytes(ISO_8859_1);
    }
  }

  private Http2Wire(Wire wire) {
    this.wire = wire;
  }

  /**
   * Takes the client's preface and sends ours.
   *
   * @param settings identifiers, each followed by its value
   */
  public static Http2Wire accept(Wire wire, int... settings) throws IOException {
    Http2Wire accepted = new Http2Wire(wire);
    String preface = wire.read(PREFACE.length());
    if (!preface.equals(PREFACE)) {
      throw new AssertionError("no preface: " + preface);
    }
    accepted.settings(settings);
    return accepted;
  }

  public Wire wire() {
    return wire;
  }

  // ---- reading

  /** The next frame, whatever it is. */
  public Frame next() throws IOException {
    byte[] head = bytes(9);
    int length = (head[0] & 0xFF) << 16 | (head[1] & 0xFF) << 8 | (head[2] & 0xFF);
    int stream = (int) number(head, 5) & Integer.MAX_VALUE;
    Frame frame = new Frame(head[3], head[4], stream, wire.read(length));
    if (frame.type == SETTINGS && (frame.flags & ACK) == 0) {
      apply(frame.bytes());
      send(SETTINGS, ACK, 0, new byte[0]);
    } else if (frame.type == WINDOW_UPDATE) {
      long more = number(frame.bytes(), 0);
      if (stream == 0) {
        window += more;
      } else {
        windows.merge(stream, more, (old, add) -> old + add);
      }
    }
    return frame;
  }

  private void apply(byte[] settings) {
    for (int at = 0; at < settings.length; at += 6) {
      if (settings[at + 1] == INITIAL_WINDOW_SIZE) {
        initialWindow = number(settings, at + 2);
      }
    }
  }

  /** The next frame of a kind; others are passed over. */
  public Frame await(int type) throws IOException {
    Frame frame = next();
    while (frame.type != type) {
      frame = next();
    }
    return frame;
  }

  /** The next frame of a stream; others are passed over. */
  public Frame awaitOn(int stream) throws IOException {
    Frame frame = next();
    while (frame.stream != stream || frame.type == WINDOW_UPDATE) {
      frame = next();
    }
    return frame;
  }

  /** A request's head, pseudo-header fields among the others. */
  public record Request(int stream, boolean whole, Head head) {
    public String field(String name) {
      String value = head.field(name);
      return value == null ? "" : value;
    }
  }

  /** The next request's head. */
  public Request readRequest() throws IOException {
    Frame frame = await(HEADERS);
    windows.put(frame.stream, initialWindow);
    return new Request(frame.stream, frame.endsStream(), head(frame));
  }

  /** The fields of a HEADERS frame without padding. */
  public Head head(Frame frame) throws IOException {
    ByteBuf block = Unpooled.wrappedBuffer(frame.bytes());
    try {
      Http2Headers headers = hpackIn.decodeHeaders(frame.stream, block);
      List<String> fields = new ArrayList<>();
      headers.forEach(field -> fields.add(field.getKey() + ": " + field.getValue()));
      return new Head(headers.method() + " " + headers.path(), fields);
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  /** The rest of a request's body, and the window given back for it. */
  public String readBody(int stream) throws IOException {
    StringBuilder body = new StringBuilder();
    Frame frame = awaitOn(stream);
    while (frame.type == DATA) {
      body.append(frame.text());
      giveBack(frame);
      if (frame.endsStream()) {
        return body.toString();
      }
      frame = awaitOn(stream);
    }
    throw new AssertionError("a frame of type " + frame.type + " within a body");
  }

  /** Opens the windows by what a frame took. */
  public void giveBack(Frame frame) throws IOException {
    if (frame.text.length() > 0) {
      windowUpdate(0, frame.text.length());
      windowUpdate(frame.stream, frame.text.length());
    }
  }

  // ---- sending

  public Http2Wire send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 9);
    frame.write(payload.length >> 16);
    frame.write(payload.length >> 8);
    frame.write(payload.length);
    frame.write(type);
    frame.write(flags);
    frame.writeBytes(number(stream));
    frame.writeBytes(payload);
    wire.send(frame.toByteArray());
    return this;
  }

  public Http2Wire settings(int... pairs) throws IOException {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    for (int i = 0; i < pairs.length; i += 2) {
      payload.write(0);
      payload.write(pairs[i]);
      payload.writeBytes(number(pairs[i + 1]));
    }
    return send(SETTINGS, 0, 0, payload.toByteArray());
  }

  /**
   * A HEADERS frame.
   *
   * @param fields each {@code name: value}, as they are, pseudo-header fields first
   */
  public Http2Wire headers(int stream, boolean end, String... fields) throws IOException {
    return send(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
  }

  /** The same in as many frames as it takes. */
  public Http2Wire largeHeaders(int stream, boolean end, String... fields) throws IOException {
    byte[] block = block(fields);
    for (int at = 0; at < block.length; at += MAX_FRAME) {
      int to = Math.min(block.length, at + MAX_FRAME);
      int flags = (to == block.length ? END_HEADERS : 0) | (at == 0 && end ? END_STREAM : 0);
      send(at == 0 ? HEADERS : CONTINUATION, flags, stream, Arrays.copyOfRange(block, at, to));
    }
    return this;
  }

  // Literals, neither indexed nor compressed (RFC 7541 section 6.2.2): in the order given, whatever
  // they say.
  private static byte[] block(String... fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (String field : fields) {
      int colon = field.indexOf(": ");
      block.write(0);
      literal(block, field.substring(0, colon));
      literal(block, field.substring(colon + 2));
    }
    return block.toByteArray();
  }

  private static void literal(ByteArrayOutputStream block, String text) {
    int length = text.length();
    if (length < 127) {
      block.write(length);
    } else {
      block.write(127);
      for (length -= 127; length >= 128; length >>= 7) {
        block.write((length & 127) | 128);
      }
      block.write(length);
    }
    block.writeBytes(text.getBytes(ISO_8859_1));
  }

  /** A DATA frame, whatever the windows say. */
  public Http2Wire data(int stream, String text, boolean end) throws IOException {
    return send(DATA, end ? END_STREAM : 0, stream, text.getBytes(ISO_8859_1));
  }

  /** A whole answer with a short body. */
  public Http2Wire answer(int stream, String body) throws IOException {
    headers(stream, false, ":status: 200", "content-length: " + body.length());
    return data(stream, body, true);
  }

  /** Bytes within the windows, waiting for them to open. */
  public void stream(int stream, byte[] bytes) throws IOException {
    int at = 0;
    while (at < bytes.length) {
      long open = Math.min(window, windows.getOrDefault(stream, 0L));
      int size = (int) Math.min(Math.min(open, MAX_FRAME), bytes.length - at);
      if (size <= 0) {
        next();
        continue;
      }
      byte[] piece = new byte[size];
      System.arraycopy(bytes, at, piece, 0, size);
      window -= size;
      windows.merge(stream, (long) -size, (old, add) -> old + add);
      send(DATA, 0, stream, piece);
      at += size;
    }
  }

  public Http2Wire reset(int stream, int code) throws IOException {
    return send(RST_STREAM, 0, stream, number(code));
  }

  public Http2Wire goAway(int lastStream, int code) throws IOException {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.writeBytes(number(lastStream));
    payload.writeBytes(number(code));
    return send(GOAWAY, 0, 0, payload.toByteArray());
  }

  public Http2Wire windowUpdate(int stream, int more) throws IOException {
    return send(WINDOW_UPDATE, 0, stream, number(more));
  }

  private byte[] bytes(int length) throws IOException {
    return wire.read(length).getBytes(ISO_8859_1);
  }

  private static long number(byte[] bytes, int at) {
    long value = 0;
    for (int i = at; i < at + 4; i++) {
      value = value << 8 | (bytes[i] & 0xFF);
    }
    return value;
  }

  private static byte[] number(int value) {
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }
}
