package dev.headgate.contract.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages as strictly as RFC 9112 is written: what the gateway sends, either way, has one
 * reading only, whatever was sent to it.
 */
final class StrictReader {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern REQUEST = Pattern.compile(TOKEN + " [\\x21-\\x7e]+ HTTP/1\\.1");
  private static final Pattern RESPONSE =
      Pattern.compile("HTTP/1\\.[01] [1-9][0-9]{2} [\\t\\x20-\\x7e\\x80-\\xff]*");
  private static final Pattern FIELD = Pattern.compile(TOKEN + ":[\\t\\x20-\\x7e\\x80-\\xff]*");
  private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,18}");
  private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9A-Fa-f]{1,15}");
  private static final int MAX_LINE = 256 * 1024;

  private final InputStream in;

  StrictReader(InputStream in) {
    this.in = in;
  }

  /** The gateway sent something that is no HTTP/1.1 message, or that can be read in two ways. */
  static final class Malformed extends IOException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /**
   * The next request, or null where the stream ended before it.
   *
   * @param begun told the head as soon as it is read
   */
  @Nullable Message request(Consumer<Message> begun) throws IOException {
    List<String> head = head(REQUEST);
    if (head == null) {
      return null;
    }

    Message message = new Message(head.get(0), head.subList(1, head.size()), "", List.of(), true);
    if (message.values("host").size() != 1) {
      throw new Malformed("not exactly one Host: " + head);
    }
    begun.accept(message);
    return body(message, framing(message, 0));
  }

  /**
   * The next response, an interim one included, or null where the stream ended before it.
   *
   * @param bodiless whether the request was a HEAD
   */
  @Nullable Message response(boolean bodiless) throws IOException {
    List<String> head = head(RESPONSE);
    if (head == null) {
      return null;
    }
    Message message = new Message(head.get(0), head.subList(1, head.size()), "", List.of(), true);
    long framing = framing(message, UNTIL_END);
    boolean none = message.interim() || List.of("204", "304", "101").contains(message.status());
    if ((message.interim() || message.status().equals("204")) && framing != UNTIL_END) {
      throw new Malformed("framing in a message that has no body: " + head);
    }
    return body(message, bodiless || none ? 0 : framing);
  }

  private static final long CHUNKED = -1;
  private static final long UNTIL_END = -2;

  private static long framing(Message message, long otherwise) throws Malformed {
    List<String> lengths = message.values("content-length");
    List<String> codings = message.values("transfer-encoding");
    if (lengths.size() + codings.size() > 1) {
      throw new Malformed("more than one framing: " + message.fields());
    }
    if (!codings.isEmpty()) {
      if (!codings.get(0).equals("chunked")) {
        throw new Malformed("a coding other than chunked: " + codings);
      }
      return CHUNKED;
    }
    if (lengths.isEmpty()) {
      return otherwise;
    }
    if (!LENGTH.matcher(lengths.get(0)).matches()) {
      throw new Malformed("a length that is no number: " + lengths);
    }
    return Long.parseLong(lengths.get(0));
  }

  private Message body(Message head, long framing) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    List<String> trailers = new ArrayList<>();
    boolean complete;
    try {
      complete =
          framing == CHUNKED
              ? chunks(body, trailers)
              : framing == UNTIL_END ? in.transferTo(body) >= 0 : exactly(framing, body);
    } catch (SocketException reset) {
      complete = false;
    }
    return new Message(
        head.startLine(), head.fields(), Escapes.latin1(body.toByteArray()), trailers, complete);
  }

  private boolean chunks(ByteArrayOutputStream body, List<String> trailers) throws IOException {
    for (String line = line(); line != null; line = line()) {
      if (!CHUNK_SIZE.matcher(line).matches()) {
        throw new Malformed("a chunk's size: " + line);
      }
      long size = Long.parseLong(line, 16);
      if (size == 0) {
        return fields(trailers);
      }
      if (!exactly(size, body)) {
        return false;
      }
      String end = line();
      if (end == null) {
        return false;
      }
      if (!end.isEmpty()) {
        throw new Malformed("after a chunk: " + end);
      }
    }
    return false;
  }

  private @Nullable List<String> head(Pattern startLine) throws IOException {
    List<String> head = new ArrayList<>();
    String start;
    try {
      start = line();
    } catch (SocketException reset) {
      return null;
    }
    if (start == null) {
      return null;
    }
    if (!startLine.matcher(start).matches()) {
      throw new Malformed("a start line: " + start);
    }
    head.add(start);
    if (!fields(head)) {
      throw new Malformed("a head that does not end: " + head);
    }
    return head;
  }

  private boolean fields(List<String> into) throws IOException {
    for (String line = line(); line != null; line = line()) {
      if (line.isEmpty()) {
        return true;
      }
      if (!FIELD.matcher(line).matches()) {
        throw new Malformed("a field: " + line);
      }
      into.add(line);
    }
    return false;
  }

  private boolean exactly(long length, ByteArrayOutputStream into) throws IOException {
    for (long left = length; left > 0; left--) {
      int octet = in.read();
      if (octet < 0) {
        return false;
      }
      into.write(octet);
    }
    return true;
  }

  /** Without its CRLF; null where the stream ends first. */
  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        throw new Malformed("a line that ends in LF alone: " + line);
      }
      if (next == '\r') {
        int after = in.read();
        if (after == '\n') {
          return Escapes.latin1(line.toByteArray());
        }
        if (after < 0) {
          return null;
        }
        throw new Malformed("a CR amid a line: " + line);
      }
      line.write(next);
      if (line.size() > MAX_LINE) {
        throw new Malformed("a line without end");
      }
    }
    return null;
  }
}
