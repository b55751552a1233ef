package dev.headgate.policy.cache;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.IllegalReferenceCountException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is kept, whole or a part of it (RFC 9111 section 3.3).
 *
 * <p><b>Ownership.</b> The content is the store's as long as it keeps the answer. Whoever wants to
 * use it {@linkplain #hold holds} it, and lets go again.
 *
 * @param part which part of the answer the content is; null for all of it
 * @param content never written to
 * @param trailers never changed
 * @param staleSince when it was said to be stale, by the wall clock; {@link Long#MAX_VALUE} if not
 * @param weight bytes of memory: the content, and an estimate of the rest
 */
record Stored(
    Head head,
    @Nullable ContentRange part,
    ByteBuf content,
    HttpHeaders trailers,
    long staleSince,
    int weight) {
  private static final int SECOND = 1000;
  private static final int PARTIAL = 206;
  // Measured for an entry with ten fields: objects, the map's node and the index.
  private static final int FIXED = 640;
  private static final int EACH_FIELD = 96;

  static Stored of(Head head, ByteBuf content, HttpHeaders trailers) {
    return new Stored(
        head,
        head.status() == PARTIAL ? ContentRange.of(head.headers()) : null,
        content,
        trailers,
        Long.MAX_VALUE,
        content.capacity() + weight(head, trailers));
  }

  private static int weight(Head head, HttpHeaders trailers) {
    int bytes = FIXED;
    for (Map.Entry<String, String> field : head.headers()) {
      bytes += EACH_FIELD + field.getKey().length() + field.getValue().length();
    }
    for (Map.Entry<String, String> field : trailers) {
      bytes += EACH_FIELD + field.getKey().length() + field.getValue().length();
    }
    return bytes;
  }

  /** Whether it is all that there is of the answer. */
  boolean isWhole() {
    return part == null;
  }

  /** Whether the content is as long as it says that it is. */
  boolean isSound() {
    return part == null
        ? head.status() != PARTIAL
        : part.length() == content.readableBytes() && trailers.isEmpty();
  }

  /** Whether it has what this request asks for, as far as that is a matter of ranges. */
  boolean answers(HttpHeaders request) {
    ContentRange here = part;
    if (here == null) {
      return true;
    }
    String range = request.get(HttpHeaderNames.RANGE);
    return range != null
        && Conditions.allowsRange(request, head)
        && ByteRange.of(range, here.whole()).filter(here::has).isPresent();
  }

  /** Bytes of the weight that are not the content's. */
  int described() {
    return weight - content.capacity();
  }

  /** The same content under another head. */
  Stored with(Head newer) {
    return of(newer, content, trailers);
  }

  /** The same, stale from now on. */
  Stored stale(long nowMillis) {
    return new Stored(head, part, content, trailers, Math.min(staleSince, nowMillis), weight);
  }

  /**
   * How old it is, in whole seconds.
   *
   * @param ttl what is left of its freshness, rounded up; 0 or less where it is stale
   * @param stale for how long it has been stale, rounded up, so that a window of as many seconds
   *     holds it; 0 or less where it is fresh
   */
  record Use(long age, long ttl, long stale) {}

  Use useAt(long nowMillis) {
    long age = head.initialAge() + Math.max(0, nowMillis - head.receivedMillis());
    long left = head.freshness().lifetime() * SECOND - age;
    if (staleSince != Long.MAX_VALUE) {
      left = Math.min(left, staleSince - nowMillis);
    }
    return new Use(
        age / SECOND,
        left > 0 ? (left + SECOND - 1) / SECOND : left / SECOND,
        -Math.floorDiv(left, (long) SECOND));
  }

  /** Whether that is the same answer, perhaps under another head. */
  @SuppressWarnings("ReferenceEquality") // equal bytes are not the same memory
  boolean isSame(Stored other) {
    // All that are empty have one content: they are told apart by what selected them.
    return content == other.content
        && (content.capacity() > 0 || head.vary().equals(other.head.vary()));
  }

  /** Takes a share of the content; false where the store has let go of it meanwhile. */
  boolean hold() {
    try {
      content.retain();
      return true;
    } catch (IllegalReferenceCountException gone) {
      return false;
    }
  }

  void letGo() {
    content.release();
  }
}
