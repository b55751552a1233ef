package dev.headgate.policy.cache;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import java.util.Set;

/** The fields of a stored answer, as a later one changes them (RFC 9111 section 3.2). */
final class Updating {
  /** What says how the content is delimited or delivered, and not what it is. */
  private static final Set<String> OF_DELIVERY =
      Set.of("content-length", "content-range", "transfer-encoding", "trailer");

  private Updating() {}

  /** A stored answer's fields, each of which the newer one has replaced that it has itself. */
  static HttpHeaders updated(HttpHeaders stored, HttpHeaders newer) {
    HttpHeaders result = new DefaultHttpHeaders();
    result.set(stored);
    // Its age is what the newer one says, or none; without a date it was made when it came, and not
    // when the stored one was (RFC 9110 section 6.6.1).
    result.remove(HttpHeaderNames.AGE);
    result.remove(HttpHeaderNames.DATE);
    for (String name : newer.names()) {
      if (!OF_DELIVERY.contains(name.toLowerCase(Locale.ROOT))) {
        result.set(name, newer.getAll(name));
      }
    }
    return result;
  }

  /** Whether the answer to a HEAD is about what is stored (RFC 9111 section 4.3.5). */
  static boolean agrees(HttpHeaders head, Stored stored) {
    String length = head.get(HttpHeaderNames.CONTENT_LENGTH);
    return same(head, stored.head().headers(), HttpHeaderNames.ETAG)
        && same(head, stored.head().headers(), HttpHeaderNames.LAST_MODIFIED)
        && (length == null || length.equals(Integer.toString(stored.content().readableBytes())));
  }

  private static boolean same(HttpHeaders head, HttpHeaders stored, CharSequence name) {
    String there = head.get(name);
    return there == null || there.equals(stored.get(name));
  }
}
