package dev.headgate.contract.harness;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection that the gateway made to a scripted upstream. */
public final class UpstreamConnection {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final HttpReader reader;
  private final Consumer<Received> journal;
  private final int number;

  UpstreamConnection(Socket socket, int number, Consumer<Received> journal) throws IOException {
    this.socket = socket;
    this.number = number;
    this.journal = journal;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
    this.reader = new HttpReader(in);
    socket.setTcpNoDelay(true);
  }

  /** 1 for the first connection that this upstream accepted. */
  public int number() {
    return number;
  }

  /** The next request with its body, or null where the gateway ended the connection. */
  public @Nullable Received read() throws IOException {
    Head head = readHead();
    if (head == null) {
      return null;
    }
    return readBody(head);
  }

  /** The body of the request whose head was read. */
  public Received readBody(Head head) throws IOException {
    Received request = reader.request(head);
    journal.accept(request);
    return request;
  }

  /** The same without keeping it; for services that are asked very often. */
  public Received skimBody(Head head) throws IOException {
    return reader.request(head);
  }

  /** The next request's head alone. */
  public @Nullable Head readHead() throws IOException {
    try {
      return reader.head();
    } catch (SocketException reset) {
      return null;
    }
  }

  public InputStream in() {
    return in;
  }

  /** Notes a request of which only the head was read. */
  public void note(Head head) {
    journal.accept(new Received(head, new byte[0], false));
  }

  public UpstreamConnection write(String text) throws IOException {
    return write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public UpstreamConnection write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** 200 with this text and a Content-Length. */
  public UpstreamConnection ok(String body) throws IOException {
    return write(Answer.ok(body));
  }

  /** A pause in what is sent: slowness is what this side plays. */
  public UpstreamConnection pause(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
    return this;
  }

  /** Reads and drops until the gateway ends the connection. */
  public void awaitEnd() throws IOException {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (SocketException reset) {
      return;
    }
  }

  /** Ends the connection with a RST. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  public void close() throws IOException {
    socket.close();
  }
}
