package dev.headgate.policy.cache;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.IllegalReferenceCountException;
import java.util.Map;

/**
 * An answer that is kept, whole.
 *
 * <p><b>Ownership.</b> The content is the store's as long as it keeps the answer. Whoever wants to
 * use it {@linkplain #hold holds} it, and lets go again.
 *
 * @param content never written to
 * @param trailers never changed
 * @param staleSince when it was said to be stale, by the wall clock; {@link Long#MAX_VALUE} if not
 * @param weight bytes of memory: the content, and an estimate of the rest
 */
record Stored(Head head, ByteBuf content, HttpHeaders trailers, long staleSince, int weight) {
  private static final int SECOND = 1000;
  // Measured for an entry with ten fields: objects, the map's node and the index.
  private static final int FIXED = 640;
  private static final int EACH_FIELD = 96;

  static Stored of(Head head, ByteBuf content, HttpHeaders trailers) {
    return new Stored(
        head, content, trailers, Long.MAX_VALUE, content.capacity() + weight(head, trailers));
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

  /** The same content under another head. */
  Stored with(Head newer) {
    return of(newer, content, trailers);
  }

  /** The same, stale from now on. */
  Stored stale(long nowMillis) {
    return new Stored(head, content, trailers, Math.min(staleSince, nowMillis), weight);
  }

  /**
   * How old it is, in whole seconds.
   *
   * @param ttl what is left of its freshness, rounded up; 0 or less where it is stale
   */
  record Use(long age, long ttl) {}

  Use useAt(long nowMillis) {
    long age = head.initialAge() + Math.max(0, nowMillis - head.receivedMillis());
    long left = head.freshness().lifetime() * SECOND - age;
    if (staleSince != Long.MAX_VALUE) {
      left = Math.min(left, staleSince - nowMillis);
    }
    return new Use(age / SECOND, left > 0 ? (left + SECOND - 1) / SECOND : left / SECOND);
  }

  /** Whether that is the same answer, perhaps under another head. */
  @SuppressWarnings("ReferenceEquality") // equal bytes are not the same memory
  boolean isSame(Stored other) {
    return content == other.content;
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
