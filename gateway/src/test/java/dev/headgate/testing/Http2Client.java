package dev.headgate.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/2 connection without TLS, driven by hand in one thread: it sends whatever frames
 * it is told to, and looks at what comes only while it is told to wait for something. Unless told
 * otherwise it gives its windows back at once, acknowledges settings, and keeps what it receives.
 */
public final class Http2Client implements AutoCloseable {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final Wire wire;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
  private final Map<Integer, Http2Reply> replies = new TreeMap<>();
  private final ByteArrayOutputStream section = new ByteArrayOutputStream();
  private final Map<Integer, Long> settings = new TreeMap<>();
  private final Map<Integer, Integer> windows = new HashMap<>();
  private int lastOpened = -1;
  private int pongs;
  private int resets;
  private boolean givesBack = true;
  private boolean keeps = true;
  private boolean broken;
  private @Nullable Http2Error goAway;
  private int goAwayLast = -1;

  private Http2Client(Wire wire) {
    this.wire = wire;
  }

  /** Begins HTTP/2 with empty settings. */
  public static Http2Client over(Wire wire) throws IOException {
    return over(wire, new int[0]);
  }

  /**
   * Begins HTTP/2.
   *
   * @param settings identifier and value in turn
   */
  public static Http2Client over(Wire wire, int... settings) throws IOException {
    wire.send(PREFACE);
    return new Http2Client(wire).settings(settings);
  }

  /** Goes on after a preface that has been sent. */
  public static Http2Client after(Wire wire) throws IOException {
    return new Http2Client(wire).settings(new int[0]);
  }

  /** The client does not give back what it has received until told to. */
  public Http2Client holdsWindow() {
    givesBack = false;
    return this;
  }

  /** Received content is counted and thrown away. */
  public Http2Client keepsNothing() {
    keeps = false;
    return this;
  }

  // ---- what it sends

  public Http2Client frame(int type, int flags, int stream, byte[] payload) throws IOException {
    return raw(new Http2Frame(type, flags, stream, payload).encoded());
  }

  public Http2Client raw(byte[] octets) throws IOException {
    wire.send(octets);
    return this;
  }

  public Http2Client settings(int... pairs) throws IOException {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    for (int i = 0; i < pairs.length; i += 2) {
      payload.write(pairs[i] >>> 8);
      payload.write(pairs[i]);
      payload.writeBytes(Http2Frame.bytes(pairs[i + 1]));
    }
    return frame(Http2Frame.SETTINGS, 0, 0, payload.toByteArray());
  }

  /**
   * A header section, or trailers, in one frame.
   *
   * @param fields {@code name: value}; pseudo-header fields likewise, in the order given
   */
  public Http2Client headers(int stream, boolean last, String... fields) throws IOException {
    lastOpened = Math.max(lastOpened, stream);
    int flags = Http2Frame.END_HEADERS | (last ? Http2Frame.END_STREAM : 0);
    return frame(Http2Frame.HEADERS, flags, stream, Hpack.literals(fields));
  }

  public Http2Client data(int stream, boolean last, String text) throws IOException {
    return data(stream, last, text.getBytes(ISO_8859_1));
  }

  public Http2Client data(int stream, boolean last, byte[] octets) throws IOException {
    windows.merge(0, -octets.length, Integer::sum);
    windows.merge(stream, -octets.length, Integer::sum);
    return frame(Http2Frame.DATA, last ? Http2Frame.END_STREAM : 0, stream, octets);
  }

  public Http2Client reset(int stream, Http2Error error) throws IOException {
    return frame(Http2Frame.RST_STREAM, 0, stream, Http2Frame.bytes((int) error.code()));
  }

  public Http2Client windowUpdate(int stream, int octets) throws IOException {
    return frame(Http2Frame.WINDOW_UPDATE, 0, stream, Http2Frame.bytes(octets));
  }

  public Http2Client ping() throws IOException {
    return frame(Http2Frame.PING, 0, 0, new byte[8]);
  }

  /** Opens the next stream with a request that has no body. */
  public int get(String path, String... more) throws IOException {
    return open(true, "GET", path, more);
  }

  /** Opens the next stream; a body is to follow unless this is the last of it. */
  public int open(boolean last, String method, String path, String... more) throws IOException {
    int stream = nextStream();
    String[] fields = new String[4 + more.length];
    fields[0] = ":method: " + method;
    fields[1] = ":scheme: http";
    fields[2] = ":authority: gateway";
    fields[3] = ":path: " + path;
    System.arraycopy(more, 0, fields, 4, more.length);
    headers(stream, last, fields);
    return stream;
  }

  /** The identifier that a new stream would have. */
  public int nextStream() {
    return lastOpened + 2;
  }

  // ---- what comes

  /** Octets of content that the gateway has said it would take on a stream just now. */
  public int mayDeliver(int stream) {
    return Http2CodecUtil.DEFAULT_WINDOW_SIZE
        + Math.min(windows.getOrDefault(0, 0), windows.getOrDefault(stream, 0));
  }

  /** What has been seen of a stream so far. */
  public Http2Reply reply(int stream) {
    return replies.computeIfAbsent(stream, id -> new Http2Reply());
  }

  /** Reads until the stream is over. */
  public Http2Reply answer(int stream) throws IOException {
    Http2Reply reply = reply(stream);
    readUntil(reply::over);
    return reply;
  }

  /** Reads until the head of the final response is here, or the stream is over. */
  public Http2Reply head(int stream) throws IOException {
    Http2Reply reply = reply(stream);
    readUntil(() -> reply.hasHead() || reply.over());
    return reply;
  }

  /** Sends a PING and reads until it is answered: all that was sent before has been looked at. */
  public Http2Client sync() throws IOException {
    int wanted = pongs + 1;
    ping();
    readUntil(() -> pongs >= wanted);
    return this;
  }

  /** Reads until the gateway says that it will take no more streams. */
  public Http2Error awaitGoAway() throws IOException {
    readUntil(() -> goAway != null);
    return goAway();
  }

  /** Reads until the connection ends. */
  public Wire.End awaitEnd() throws IOException {
    return wire.awaitEnd();
  }

  public Http2Error goAway() {
    if (goAway == null) {
      throw new AssertionError("no GOAWAY");
    }
    return goAway;
  }

  public boolean hasGoneAway() {
    return goAway != null;
  }

  /** The last stream that GOAWAY speaks of. */
  public int goAwayLast() {
    return goAwayLast;
  }

  /** Whether what it sent by itself could not be sent any more. */
  public boolean broken() {
    return broken;
  }

  public int pongs() {
    return pongs;
  }

  /** Streams that were reset, as often as they were. */
  public int resets() {
    return resets;
  }

  /** What the gateway has set, by identifier. */
  public Map<Integer, Long> settings() {
    return settings;
  }

  /** Reads frames until something is so; an end of the connection is an EOFException. */
  public void readUntil(BooleanSupplier condition) throws IOException {
    while (!condition.getAsBoolean()) {
      take(readFrame());
    }
  }

  /** The next frame, not looked at. */
  public Http2Frame readFrame() throws IOException {
    byte[] head = wire.read(9).getBytes(ISO_8859_1);
    ByteBuffer numbers = ByteBuffer.wrap(head);
    int length = numbers.getInt(0) >>> 8;
    int stream = numbers.getInt(5);
    return new Http2Frame(head[3], head[4], stream, wire.read(length).getBytes(ISO_8859_1));
  }

  private void take(Http2Frame frame) throws IOException {
    switch (frame.type()) {
      case Http2Frame.DATA -> data(frame);
      case Http2Frame.HEADERS, Http2Frame.CONTINUATION -> section(frame);
      case Http2Frame.RST_STREAM -> {
        resets++;
        reply(frame.stream()).reset(Http2Error.valueOf(frame.number(0)));
      }
      case Http2Frame.SETTINGS -> set(frame);
      case Http2Frame.PING -> pongs += frame.has(Http2Frame.ACK) ? 1 : 0;
      case Http2Frame.GOAWAY -> {
        goAwayLast = frame.number(0);
        goAway = Http2Error.valueOf(frame.number(4));
      }
      case Http2Frame.WINDOW_UPDATE -> windows.merge(frame.stream(), frame.number(0), Integer::sum);
      default -> {
        // Nothing that a client has to know.
      }
    }
  }

  private void data(Http2Frame frame) throws IOException {
    boolean last = frame.has(Http2Frame.END_STREAM);
    reply(frame.stream()).data(frame.payload(), keeps, last);
    if (givesBack && frame.payload().length > 0) {
      byte[] octets = Http2Frame.bytes(frame.payload().length);
      reply(Http2Frame.WINDOW_UPDATE, 0, 0, octets);
      if (!last) {
        reply(Http2Frame.WINDOW_UPDATE, 0, frame.stream(), octets);
      }
    }
  }

  private boolean sectionEndsStream;

  private void section(Http2Frame frame) {
    if (frame.type() == Http2Frame.HEADERS) {
      sectionEndsStream = frame.has(Http2Frame.END_STREAM);
    }
    section.writeBytes(frame.payload());
    if (frame.has(Http2Frame.END_HEADERS)) {
      try {
        reply(frame.stream())
            .headers(
                decoder.decodeHeaders(
                    frame.stream(), Unpooled.wrappedBuffer(section.toByteArray())),
                sectionEndsStream);
      } catch (Http2Exception e) {
        throw new AssertionError("a header section that cannot be read", e);
      }
      section.reset();
    }
  }

  private void set(Http2Frame frame) throws IOException {
    if (frame.has(Http2Frame.ACK)) {
      return;
    }
    for (int at = 0; at < frame.payload().length; at += 6) {
      int id = ByteBuffer.wrap(frame.payload()).getShort(at);
      settings.put(id, frame.number(at + 2) & Http2CodecUtil.MAX_UNSIGNED_INT);
    }
    reply(Http2Frame.SETTINGS, Http2Frame.ACK, 0, new byte[0]);
  }

  // What is still to be read counts, though the gateway may have stopped reading.
  private void reply(int type, int flags, int stream, byte[] payload) throws IOException {
    try {
      frame(type, flags, stream, payload);
    } catch (SocketException e) {
      broken = true;
    }
  }

  /** Whether nothing comes for a while: for what must not happen. */
  public boolean silentFor(int millis) throws IOException {
    return wire.silentFor(millis);
  }

  /** Ends the connection by a reset. */
  public void cut() throws IOException {
    wire.reset();
  }

  @Override
  public void close() {
    wire.close();
  }
}
