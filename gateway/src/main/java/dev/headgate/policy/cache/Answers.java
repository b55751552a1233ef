package dev.headgate.policy.cache;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;

/** Answers made of what is stored: whole, in part, or only that the client has it already. */
final class Answers {
  private static final int OK = 200;

  /** What describes a content that a 304 does not have (RFC 9110 section 15.4.5). */
  private static final CharSequence[] OF_CONTENT = {
    HttpHeaderNames.CONTENT_LENGTH,
    HttpHeaderNames.CONTENT_TYPE,
    HttpHeaderNames.CONTENT_ENCODING,
    HttpHeaderNames.CONTENT_LANGUAGE,
    HttpHeaderNames.CONTENT_RANGE,
    HttpHeaderNames.TRAILER
  };

  private Answers() {}

  /**
   * @param stored held for as long as this takes
   * @param ageSeconds its {@code Age}
   */
  static GatewayResponse of(Stored stored, HttpHeaders request, boolean head, long ageSeconds) {
    HttpHeaders headers = stored.head().headers().copy();
    headers.set(HttpHeaderNames.AGE, Long.toString(ageSeconds));
    boolean ok = stored.head().status() == OK;
    if (ok && Conditions.notModified(request, stored.head())) {
      return notModified(headers);
    }
    String range = ok && !head ? request.get(HttpHeaderNames.RANGE) : null;
    if (range != null && Conditions.allowsRange(request, stored.head())) {
      Optional<ByteRange> part = ByteRange.of(range, stored.content().readableBytes());
      if (part.isPresent()) {
        return part(stored, headers, part.get());
      }
    }
    return new GatewayResponse(
        HttpResponseStatus.valueOf(stored.head().status()),
        headers,
        head ? headOf(stored, headers) : content(stored, 0, stored.content().readableBytes()));
  }

  static GatewayResponse notModified(HttpHeaders headers) {
    for (CharSequence name : OF_CONTENT) {
      headers.remove(name);
    }
    return new GatewayResponse(HttpResponseStatus.NOT_MODIFIED, headers, Body.EMPTY);
  }

  // What the length of a GET's content would be (RFC 9110 section 8.6).
  private static Body headOf(Stored stored, HttpHeaders headers) {
    if (stored.trailers().isEmpty() && stored.content().isReadable()) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, stored.content().readableBytes());
    }
    return Body.EMPTY;
  }

  private static GatewayResponse part(Stored stored, HttpHeaders headers, ByteRange part) {
    int whole = stored.content().readableBytes();
    if (part.length() == 0) {
      headers.remove(HttpHeaderNames.CONTENT_LENGTH);
      headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes */" + whole);
      return new GatewayResponse(
          HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers, Body.EMPTY);
    }
    headers.set(HttpHeaderNames.CONTENT_LENGTH, part.length());
    headers.set(
        HttpHeaderNames.CONTENT_RANGE,
        "bytes %d-%d/%d".formatted(part.first(), part.first() + part.length() - 1, whole));
    return new GatewayResponse(
        HttpResponseStatus.PARTIAL_CONTENT,
        headers,
        new FullBody(
            stored
                .content()
                .retainedSlice(stored.content().readerIndex() + part.first(), part.length())));
  }

  private static Body content(Stored stored, int from, int length) {
    if (length == 0 && stored.trailers().isEmpty()) {
      return Body.EMPTY;
    }
    return new FullBody(
        stored.content().retainedSlice(stored.content().readerIndex() + from, length),
        stored.trailers());
  }
}
