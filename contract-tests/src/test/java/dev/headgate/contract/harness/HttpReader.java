package dev.headgate.contract.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1 messages from a stream, and says whether each ended as it promised. */
final class HttpReader {
  private final InputStream in;

  HttpReader(InputStream in) {
    this.in = in;
  }

  /** The next head, or null where the stream ended before its first byte. */
  @Nullable Head head() throws IOException {
    String start = line();
    if (start == null) {
      return null;
    }
    List<String> lines = new ArrayList<>();
    for (String line = line(); line == null || !line.isEmpty(); line = line()) {
      if (line == null) {
        throw new IOException("the stream ended amid the head " + start + lines);
      }
      lines.add(line);
    }
    return new Head(start, lines);
  }

  Received request(Head head) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean complete = body(head, false, body);
    return new Received(head, body.toByteArray(), complete);
  }

  Response response(String method) throws IOException {
    List<Head> interim = new ArrayList<>();
    Head head = head();
    while (head != null && head.word(1).startsWith("1") && !head.word(1).equals("101")) {
      interim.add(head);
      head = head();
    }
    if (head == null) {
      throw new IOException("the connection ended without a response, after interim " + interim);
    }
    String status = head.word(1);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean bodiless =
        method.equals("HEAD")
            || status.equals("204")
            || status.equals("304")
            || status.equals("101");
    boolean complete = bodiless || body(head, true, body);
    return new Response(interim, head, body.toByteArray(), complete);
  }

  private boolean body(Head head, boolean untilEnd, ByteArrayOutputStream into) throws IOException {
    try {
      String coding = head.header("transfer-encoding");
      if (coding != null && coding.toLowerCase(Locale.ROOT).contains("chunked")) {
        return chunks(into);
      }
      String length = head.header("content-length");
      if (length != null) {
        return exactly(Long.parseLong(length), into);
      }
      return !untilEnd || in.transferTo(into) >= 0;
    } catch (SocketException reset) {
      return false;
    }
  }

  private boolean chunks(ByteArrayOutputStream into) throws IOException {
    while (true) {
      byte[] chunk = chunk();
      if (chunk == null) {
        return false;
      }
      if (chunk.length == 0) {
        return true;
      }
      into.writeBytes(chunk);
    }
  }

  /** The next chunk; empty for the last one, its trailers read; null where the stream broke off. */
  byte @Nullable [] chunk() throws IOException {
    String size = line();
    if (size == null || size.isEmpty()) {
      return null;
    }
    int length = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    if (!exactly(length, data)) {
      return null;
    }
    String after = line();
    while (length == 0 && after != null && !after.isEmpty()) {
      after = line();
    }
    return after == null ? null : data.toByteArray();
  }

  private boolean exactly(long length, ByteArrayOutputStream into) throws IOException {
    byte[] buffer = new byte[16_384];
    long left = length;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        return false;
      }
      into.write(buffer, 0, read);
      left -= read;
    }
    return true;
  }

  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return line.size() == 0 ? null : line.toString(StandardCharsets.ISO_8859_1);
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
