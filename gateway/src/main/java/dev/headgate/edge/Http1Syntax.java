package dev.headgate.edge;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows the octets of one connection's HTTP/1.1 requests, request after request, and says where
 * the first one offends against RFC 9112. It keeps no octet and makes no object; how reads split
 * the octets makes no difference. How many octets a line or a section has is not its business but
 * Netty's codec's.
 */
final class Http1Syntax {
  private final RequestLineSyntax line = new RequestLineSyntax();
  private final FramingFields framing = new FramingFields();
  private final FieldSyntax headers;
  private final ChunkSyntax chunk = new ChunkSyntax();
  private final FieldSyntax trailers;

  private Stage stage = Stage.LINE;
  private long remaining;
  private @Nullable Http1Offence offence;

  private enum Stage {
    LINE,
    HEADERS,
    BODY,
    CHUNK_LINE,
    CHUNK_DATA,
    TRAILERS
  }

  /**
   * @param maxFields how many fields a head may have, and as many trailers
   */
  Http1Syntax(int maxFields) {
    headers = new FieldSyntax(maxFields, framing);
    trailers = new FieldSyntax(maxFields, null);
  }

  /**
   * Reads on; not to be called after an offence.
   *
   * @return the index before which everything may be passed on: {@code end}, or after an offence in
   *     a head the head's beginning or {@code from} if that is later, after one in a body the index
   *     of the offending octet
   */
  int accept(ByteBuf in, int from, int end) {
    int headBegins = from;
    int at = from;
    while (at < end) {
      if (stage == Stage.LINE && line.untouched()) {
        headBegins = at;
      }
      at = step(in, at, end);
      if (offence != null) {
        return inHead() ? headBegins : at;
      }
    }
    return end;
  }

  @Nullable Http1Offence offence() {
    return offence;
  }

  /** Whether what comes next, or what offended, belongs to a head rather than a body. */
  boolean inHead() {
    return stage == Stage.LINE || stage == Stage.HEADERS;
  }

  private int step(ByteBuf in, int at, int end) {
    return switch (stage) {
      case LINE -> part(line, in, at, end);
      case HEADERS -> part(headers, in, at, end);
      case BODY, CHUNK_DATA -> skip(at, end);
      case CHUNK_LINE -> part(chunk, in, at, end);
      case TRAILERS -> part(trailers, in, at, end);
    };
  }

  private int part(SyntaxPart part, ByteBuf in, int at, int end) {
    int next = part.scan(in, at, end);
    offence = part.offence();
    if (part.done()) {
      partDone();
    }
    return next;
  }

  private int skip(int at, int end) {
    int skipped = (int) Math.min(remaining, end - at);
    remaining -= skipped;
    if (remaining == 0) {
      partDone();
    }
    return at + skipped;
  }

  private void partDone() {
    switch (stage) {
      case LINE -> {
        framing.begin(line.http10());
        headers.begin();
        stage = Stage.HEADERS;
      }
      case HEADERS -> headDone();
      case CHUNK_LINE -> chunkLineDone();
      case CHUNK_DATA -> {
        chunk.begin(true);
        stage = Stage.CHUNK_LINE;
      }
      case BODY, TRAILERS -> messageDone();
    }
  }

  private void headDone() {
    if (framing.chunked()) {
      chunk.begin(false);
      stage = Stage.CHUNK_LINE;
    } else if (framing.length() > 0) {
      remaining = framing.length();
      stage = Stage.BODY;
    } else {
      messageDone();
    }
  }

  private void chunkLineDone() {
    if (chunk.size() > 0) {
      remaining = chunk.size();
      stage = Stage.CHUNK_DATA;
    } else {
      trailers.begin();
      stage = Stage.TRAILERS;
    }
  }

  private void messageDone() {
    line.begin();
    stage = Stage.LINE;
  }
}
