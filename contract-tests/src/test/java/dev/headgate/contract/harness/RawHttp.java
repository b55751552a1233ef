package dev.headgate.contract.harness;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A client that sends the bytes it is given, and nothing else. Reads give up after 20 seconds. */
public final class RawHttp implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final HttpReader reader;

  private RawHttp(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 16_384);
    this.reader = new HttpReader(in);
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
  }

  public static RawHttp to(int port) throws IOException {
    return to(new Socket(), port);
  }

  /** From another address of this machine's own, such as 127.0.1.2 (Linux has all of 127/8). */
  public static RawHttp from(String address, int port) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(address, 0));
    return to(socket, port);
  }

  /** Over a connection that there is, such as one of TLS. */
  public static RawHttp over(Socket connected) throws IOException {
    return new RawHttp(connected);
  }

  /** To any address of this machine. */
  public static RawHttp to(String address, int port) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(address, port), 5_000);
    return new RawHttp(socket);
  }

  /** With a small receive buffer, so that the sender soon notices a reader that does not read. */
  public static RawHttp slowReaderTo(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8_192);
    return to(socket, port);
  }

  private static RawHttp to(Socket socket, int port) throws IOException {
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
    return new RawHttp(socket);
  }

  /** One request on a connection of its own. */
  public static Response call(int port, String requestLine, String... headers) throws IOException {
    try (RawHttp http = to(port)) {
      return http.request(requestLine, headers).response(requestLine.split(" ", 2)[0]);
    }
  }

  /** One request with a body on a connection of its own. */
  public static Response callWithBody(int port, String requestLine, String body, String... headers)
      throws IOException {
    try (RawHttp http = to(port)) {
      return http.requestWithBody(requestLine, body, headers)
          .response(requestLine.split(" ", 2)[0]);
    }
  }

  /** {@code GET target}, whatever bytes the target has. */
  public static Response get(int port, String target, String... headers) throws IOException {
    return call(port, "GET " + target, headers);
  }

  /**
   * A head: the version is added where the line has none, Host where no header names one, and
   * planted secrets.
   */
  public RawHttp request(String requestLine, String... headers) throws IOException {
    return send(head(requestLine, headers) + "\r\n");
  }

  public RawHttp requestWithBody(String requestLine, String body, String... headers)
      throws IOException {
    int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
    return send(head(requestLine, headers) + "Content-Length: " + length + "\r\n\r\n" + body);
  }

  private static String head(String requestLine, String... headers) {
    StringBuilder head = new StringBuilder(requestLine);
    head.append(requestLine.contains(" HTTP/") ? "\r\n" : " HTTP/1.1\r\n");
    boolean hasHost =
        Arrays.stream(headers).anyMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("host:"));
    if (!hasHost) {
      head.append("Host: localhost\r\n");
    }
    for (String header : Secrets.withRequest(headers)) {
      head.append(header).append("\r\n");
    }
    return head.toString();
  }

  /** Sends the text's characters as bytes (ISO 8859-1). */
  public RawHttp send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public RawHttp send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  public Response response(String method) throws IOException {
    return reader.response(method);
  }

  /** The next head alone; what follows is for {@link #in()} or {@link #chunk()}. */
  public Head head() throws IOException {
    Head head = reader.head();
    if (head == null) {
      throw new IOException("the connection ended without a response");
    }
    return head;
  }

  public byte @Nullable [] chunk() throws IOException {
    return reader.chunk();
  }

  public InputStream in() {
    return in;
  }

  public void readTimeout(Duration limit) throws IOException {
    socket.setSoTimeout((int) limit.toMillis());
  }

  /** Says that no more will be sent (FIN), and reads on. */
  public RawHttp halfClose() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Ends the connection with a RST. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /**
   * Whether the peer ends the connection, by FIN or RST, within {@code limit}; skips what it sends.
   */
  public boolean endsWithin(Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    byte[] skipped = new byte[8_192];
    try {
      while (true) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        socket.setSoTimeout((int) Math.max(1, left / 1_000_000));
        if (in.read(skipped) < 0) {
          return true;
        }
      }
    } catch (SocketTimeoutException stillOpen) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** Everything until the peer ends the connection. */
  public byte[] rest() throws IOException {
    return in.readAllBytes();
  }

  public int localPort() {
    return socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
