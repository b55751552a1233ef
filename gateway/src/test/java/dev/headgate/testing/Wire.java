package dev.headgate.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** One end of a TCP connection, driven by hand. A read that takes 20 s fails. */
public final class Wire implements AutoCloseable {
  private static final int READ_LIMIT_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  /** How the other side ended the connection. */
  public enum End {
    /** In order: everything sent before it was delivered. */
    CLOSED,
    /** By a reset: what was on its way may be lost. */
    RESET
  }

  Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(READ_LIMIT_MILLIS);
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** Connects to a port of this machine. */
  public static Wire to(int port) {
    return to(port, 0);
  }

  /**
   * Connects with a small window, so that a reader's slowness is felt soon.
   *
   * @param receiveBuffer in bytes; 0 for the system's own
   */
  public static Wire to(int port, int receiveBuffer) {
    try {
      Socket socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return new Wire(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends text, one byte a character; {@code \n} stands for itself. */
  public Wire send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  public Wire send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** One chunk of the chunked coding; an empty text is not one. */
  public Wire sendChunk(String text) throws IOException {
    return send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
  }

  /** Everything up to and with the next empty line. */
  public Head readHead() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int next = readByte();
      head.write(next);
      matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
    }
    return Head.parse(head.toString(ISO_8859_1));
  }

  /** The next final response, to a method other than HEAD, whole. */
  public Answer readAnswer() throws IOException {
    Head head = readHead();
    while (head.status() < 200) {
      head = readHead();
    }
    return readBodyOf(head);
  }

  /** The next request, whole. */
  public Answer readRequest() throws IOException {
    Head head = readHead();
    return head.chunked() || head.contentLength() > 0
        ? readBodyOf(head)
        : new Answer(head, "", List.of());
  }

  /** The body that a head announces. */
  public Answer readBodyOf(Head head) throws IOException {
    if (head.chunked()) {
      return readChunked(head);
    }
    if (head.startLine().startsWith("HTTP/") && (head.status() == 204 || head.status() == 304)) {
      return new Answer(head, "", List.of());
    }
    long length = head.contentLength();
    String body = length >= 0 ? read((int) length) : readToEnd();
    return new Answer(head, body, List.of());
  }

  private Answer readChunked(Head head) throws IOException {
    StringBuilder body = new StringBuilder();
    for (String chunk = readChunk(); !chunk.isEmpty(); chunk = readChunk()) {
      body.append(chunk);
    }
    List<String> trailers = new ArrayList<>();
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      trailers.add(line);
    }
    return new Answer(head, body.toString(), trailers);
  }

  /** One chunk; after the last, which is empty, the trailer section follows. */
  public String readChunk() throws IOException {
    int size = Integer.parseInt(readLine(), 16);
    if (size == 0) {
      return "";
    }
    String chunk = read(size);
    if (!readLine().isEmpty()) {
      throw new IOException("no line end after a chunk");
    }
    return chunk;
  }

  public String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    int next;
    while ((next = readByte()) != '\n') {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /** Exactly so many bytes. */
  public String read(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("%d bytes (expected: %d)".formatted(bytes.length, length));
    }
    return new String(bytes, ISO_8859_1);
  }

  /** What comes until the other side ends the connection in order. */
  public String readToEnd() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  /** Throws away what comes until the connection ends. */
  public End awaitEnd() throws IOException {
    byte[] bin = new byte[64 * 1024];
    try {
      int read = 0;
      while (read >= 0) {
        read = in.read(bin);
      }
      return End.CLOSED;
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (SocketException e) {
      return End.RESET;
    }
  }

  /** Whether neither bytes nor an end come for a while: for what must not happen. */
  public boolean silentFor(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      in.mark(1);
      if (in.read() >= 0) {
        in.reset();
      }
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(READ_LIMIT_MILLIS);
    }
  }

  private int readByte() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException("the connection ended");
    }
    return next;
  }

  /** The connection itself, for what TLS has agreed on. */
  public Socket socket() {
    return socket;
  }

  /** Ends our direction in order; the other stays. */
  public void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** Ends the connection by a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
