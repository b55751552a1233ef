package dev.headgate.upstream;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows the octets of one connection's HTTP/1.1 responses and says where the first one offends
 * against RFC 9112, however reads split them. It keeps no octet. Netty's codec reads on over folded
 * lines, loose status lines and chunk sizes, bare line feeds and two framings at once; a gateway
 * that passed them on would have the client read another response than it did.
 */
final class ResponseSyntax {
  private static final String VERSION = "HTTP/1.";
  private static final int STATUS_BEGINS = VERSION.length() + 2;
  private static final int STATUS_ENDS = STATUS_BEGINS + 3;
  private static final int MAX_CHUNK_LINE = 4 * 1024;
  private static final int MAX_SIZE_DIGITS = 15;
  private static final int MAX_TRAILERS = 64 * 1024;
  private static final byte DEL = 0x7F;

  private final ResponseFields fields = new ResponseFields();
  private State state = State.STATUS_LINE;
  private boolean toHead;
  private boolean switchAsked;
  private boolean trailers;
  private int position;
  private int status;
  private boolean http10;
  private long remaining;
  private @Nullable String offence;

  private enum State {
    STATUS_LINE,
    STATUS_LF,
    FIELD_START,
    NAME,
    AFTER_NAME,
    VALUE,
    FIELD_LF,
    LAST_LF,
    BODY,
    UNTIL_CLOSE,
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK_LF,
    CHUNK_DATA,
    CHUNK_END_CR,
    CHUNK_END_LF,
    OTHER_PROTOCOL
  }

  /**
   * A request is about to be sent.
   *
   * @param head whether its method is HEAD
   * @param upgrade whether it asks for another protocol
   */
  void expect(boolean head, boolean upgrade) {
    toHead = head;
    switchAsked = upgrade;
  }

  /** What was wrong; null so far. */
  @Nullable String offence() {
    return offence;
  }

  /**
   * Reads on; not to be called after an offence.
   *
   * @return the index before which all is sound; after an offence that of the offending octet
   */
  int accept(ByteBuf in, int from, int end) {
    int at = from;
    while (at < end && offence == null) {
      switch (state) {
        case BODY, CHUNK_DATA -> at += skip(end - at);
        case UNTIL_CLOSE, OTHER_PROTOCOL -> at = end;
        default -> {
          octet((char) (in.getByte(at) & 0xFF));
          at += offence == null ? 1 : 0;
        }
      }
    }
    return at;
  }

  private int skip(int available) {
    int skipped = (int) Math.min(remaining, available);
    remaining -= skipped;
    if (remaining == 0) {
      if (state == State.CHUNK_DATA) {
        state = State.CHUNK_END_CR;
      } else {
        nextHead();
      }
    }
    return skipped;
  }

  private void octet(char c) {
    switch (state) {
      case STATUS_LINE -> statusLine(c);
      case STATUS_LF -> expectLf(c, State.FIELD_START);
      case FIELD_START -> fieldStart(c);
      case NAME, AFTER_NAME -> name(c);
      case VALUE -> value(c);
      case FIELD_LF -> expectLf(c, State.FIELD_START);
      case LAST_LF -> {
        if (expectLf(c, state)) {
          sectionEnds();
        }
      }
      case CHUNK_SIZE -> chunkSize(c);
      case CHUNK_EXTENSION -> chunkExtension(c);
      case CHUNK_LF -> {
        if (expectLf(c, state)) {
          chunkBegins();
        }
      }
      case CHUNK_END_CR -> require(c == '\r', State.CHUNK_END_LF, "a chunk is longer than it says");
      case CHUNK_END_LF -> {
        if (expectLf(c, State.CHUNK_SIZE)) {
          chunkLineBegins();
        }
      }
      default -> throw new IllegalStateException(state.toString());
    }
  }

  // ---- the head

  private void statusLine(char c) {
    int at = position++;
    if (at < VERSION.length()) {
      require(c == VERSION.charAt(at), state, "a response that does not begin with HTTP/1.");
    } else if (at == VERSION.length()) {
      http10 = c == '0';
      require(isDigit(c), state, "the version is not HTTP/1.d");
    } else if (at < STATUS_BEGINS) {
      status = 0;
      require(c == ' ', state, "no space after the version");
    } else if (at < STATUS_ENDS) {
      status = status * 10 + (c - '0');
      require(isDigit(c), state, "the status is not three digits");
    } else if (c == '\r') {
      statusRead();
    } else if (at == STATUS_ENDS) {
      require(c == ' ', state, "the status is not three digits");
    } else {
      require(isText(c), state, "a control character in the reason");
    }
  }

  private void statusRead() {
    require(status >= 100 && status <= 599, State.STATUS_LF, "the status is beyond 100 to 599");
    trailers = false;
    fields.begin();
  }

  private void fieldStart(char c) {
    if (c == '\r') {
      state = State.LAST_LF;
      return;
    }
    require(c != ' ' && c != '\t', State.NAME, "a folded line");
    if (offence == null) {
      fields.fieldBegins();
      name(c);
    }
  }

  // White space before the colon is taken away by those who pass a response on (RFC 9112 section
  // 5.1), which the codec does.
  private void name(char c) {
    count();
    if (c == ':') {
      state = State.VALUE;
    } else if (c == ' ' || c == '\t') {
      state = State.AFTER_NAME;
    } else {
      require(state == State.NAME && FieldText.isToken(c), state, "a field's name is not a token");
      fields.name(c);
    }
  }

  private void value(char c) {
    count();
    if (c == '\r') {
      String wrong = trailers ? null : fields.fieldEnds();
      require(wrong == null, State.FIELD_LF, String.valueOf(wrong));
    } else {
      require(isText(c), state, "a control character in a field's value");
      fields.value(c);
    }
  }

  // The codec bounds the head; it does not bound trailers.
  private void count() {
    if (trailers && ++position > MAX_TRAILERS) {
      offence = "a trailer section beyond its limit";
    }
  }

  private void sectionEnds() {
    if (trailers) {
      nextHead();
      return;
    }
    if (fields.chunked() && (fields.length() >= 0 || http10)) {
      offence =
          http10 ? "Transfer-Encoding in HTTP/1.0" : "both Content-Length and Transfer-Encoding";
    } else if (fields.chunked() && (status < 200 || status == 204)) {
      offence = "Transfer-Encoding where there is no content";
    } else if (status == 101 && switchAsked) {
      state = State.OTHER_PROTOCOL;
    } else if (toHead || status < 200 || status == 204 || status == 304) {
      nextHead();
    } else if (fields.chunked()) {
      state = State.CHUNK_SIZE;
      chunkLineBegins();
    } else if (fields.length() < 0) {
      state = State.UNTIL_CLOSE;
    } else {
      remaining = fields.length();
      state = State.BODY;
      if (remaining == 0) {
        nextHead();
      }
    }
  }

  private void nextHead() {
    state = State.STATUS_LINE;
    trailers = false;
    position = 0;
  }

  // ---- the chunked coding

  private void chunkLineBegins() {
    position = 0;
    remaining = 0;
  }

  private void chunkSize(char c) {
    int digit = Character.digit(c, 16);
    if (c < DEL && digit >= 0) {
      remaining = (remaining << 4) | digit;
      require(++position <= MAX_SIZE_DIGITS, state, "a chunk's size is beyond reason");
    } else {
      require(position > 0 && (c == '\r' || c == ';'), state, "a chunk's size is not hexadecimal");
      state = c == '\r' ? State.CHUNK_LF : State.CHUNK_EXTENSION;
    }
  }

  private void chunkExtension(char c) {
    if (c == '\r') {
      state = State.CHUNK_LF;
    } else {
      require(isText(c) && ++position <= MAX_CHUNK_LINE, state, "a chunk's extension is malformed");
    }
  }

  private void chunkBegins() {
    position = 0;
    trailers = remaining == 0;
    state = trailers ? State.FIELD_START : State.CHUNK_DATA;
  }

  // ---- octets

  private boolean expectLf(char c, State next) {
    require(c == '\n', next, "a CR is not followed by LF");
    return offence == null;
  }

  private void require(boolean right, State next, String otherwise) {
    if (right) {
      state = next;
    } else {
      offence = otherwise;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isText(char c) {
    return (c >= ' ' && c != DEL) || c == '\t';
  }
}
