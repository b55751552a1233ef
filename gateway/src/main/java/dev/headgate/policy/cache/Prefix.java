package dev.headgate.policy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of an answer that is here, so that the service need only be asked for the rest (RFC
 * 9111 section 3.4).
 *
 * @param stored held for as long as the service is asked
 * @param part what of it that is
 * @param tag its strong validator, by which the two are known to be of one whole
 */
record Prefix(Stored stored, ContentRange part, String tag) {
  private static final int PARTIAL = 206;

  /**
   * Null where the rest cannot be asked for, or the whole would be too much.
   *
   * @param there a part, or null for none; the caller's to hold
   * @param most bytes of an answer that is kept
   */
  static @Nullable Prefix of(@Nullable Stored there, int most) {
    ContentRange part = there == null ? null : there.part();
    String tag = there == null ? null : there.head().headers().get(HttpHeaderNames.ETAG);
    return there != null
            && part != null
            && tag != null
            && tag.startsWith("\"")
            && part.first() == 0
            && part.last() < part.whole() - 1
            && part.whole() <= most
        ? new Prefix(there, part, tag)
        : null;
  }

  void askForRest(HttpHeaders request) {
    request.set(HttpHeaderNames.RANGE, "bytes=" + (part.last() + 1) + "-");
    request.set(HttpHeaderNames.IF_RANGE, tag);
  }

  static void askForAll(HttpHeaders request) {
    request.remove(HttpHeaderNames.RANGE);
    request.remove(HttpHeaderNames.IF_RANGE);
  }

  /**
   * @param length of the content, as far as it is known
   */
  boolean isCompletedBy(int status, HttpHeaders headers, long length) {
    ContentRange rest = ContentRange.of(headers);
    return status == PARTIAL
        && rest != null
        && rest.completes(part)
        && rest.length() == length
        && tag.equals(headers.get(HttpHeaderNames.ETAG));
  }

  /** The whole answer's fields. */
  HttpHeaders completed(HttpHeaders rest) {
    HttpHeaders headers = Updating.updated(stored.head().headers(), rest);
    headers.remove(HttpHeaderNames.CONTENT_RANGE);
    headers.set(HttpHeaderNames.CONTENT_LENGTH, part.whole());
    return headers;
  }
}
