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

  /** What has an answer kept, and asked for again. */
  private static final CharSequence[] OF_KEEPING = {
    HttpHeaderNames.CACHE_CONTROL,
    HttpHeaderNames.EXPIRES,
    Targeted.FIELD,
    HttpHeaderNames.ETAG,
    HttpHeaderNames.LAST_MODIFIED
  };

  private Answers() {}

  /**
   * @param stored held for as long as this takes; it {@linkplain Stored#answers answers} the
   *     request
   * @param ageSeconds its {@code Age}
   */
  static GatewayResponse of(Stored stored, HttpHeaders request, boolean head, long ageSeconds) {
    HttpHeaders headers = stored.head().headers().copy();
    headers.set(HttpHeaderNames.AGE, Long.toString(ageSeconds));
    boolean ok = stored.head().status() == OK || !stored.isWhole();
    if (ok && Conditions.notModified(request, stored.head())) {
      return notModified(headers);
    }
    String range = ok && !head ? request.get(HttpHeaderNames.RANGE) : null;
    if (range != null && Conditions.allowsRange(request, stored.head())) {
      Optional<ByteRange> part = ByteRange.of(range, whole(stored));
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

  private static long whole(Stored stored) {
    ContentRange here = stored.part();
    return here == null ? stored.content().readableBytes() : here.whole();
  }

  private static GatewayResponse part(Stored stored, HttpHeaders headers, ByteRange asked) {
    long whole = whole(stored);
    if (asked.length() == 0) {
      return unsatisfiable(headers, whole);
    }
    ContentRange here = stored.part();
    int from = (int) (asked.first() - (here == null ? 0 : here.first()));
    int length = (int) asked.length();
    headers.remove(HttpHeaderNames.TRAILER);
    headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
    headers.set(
        HttpHeaderNames.CONTENT_RANGE,
        new ContentRange(asked.first(), asked.first() + length - 1, whole).text());
    return new GatewayResponse(
        HttpResponseStatus.PARTIAL_CONTENT,
        headers,
        new FullBody(
            stored.content().retainedSlice(stored.content().readerIndex() + from, length)));
  }

  // What is said of the answer would have others keep this one in its place.
  private static GatewayResponse unsatisfiable(HttpHeaders headers, long whole) {
    for (CharSequence name : OF_CONTENT) {
      headers.remove(name);
    }
    for (CharSequence name : OF_KEEPING) {
      headers.remove(name);
    }
    headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes */" + whole);
    return new GatewayResponse(
        HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers, Body.EMPTY);
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
