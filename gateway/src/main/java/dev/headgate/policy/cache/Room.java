package dev.headgate.policy.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory that the cache may take: contents off the heap, each in a buffer of its own size, and
 * an estimate for what describes them. What is still being sent counts although it is evicted, and
 * what is still being filled although it is not stored.
 */
final class Room {
  private final long most;
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final AtomicLong heads = new AtomicLong();

  /**
   * @param most bytes
   */
  Room(long most) {
    this.most = most;
  }

  /** A buffer that holds so many bytes; null where that would be too many. */
  @Nullable ByteBuf take(int bytes) {
    // One at a time, so that two do not both take the last of it.
    synchronized (this) {
      if (used() + bytes > most) {
        return null;
      }
      try {
        return allocator.directBuffer(bytes, bytes);
      } catch (OutOfMemoryError directMemoryIsSpent) {
        // Netty's own limit, or the JVM's: others need it more than the cache.
        return null;
      }
    }
  }

  /** What describes the answers has become so much more. */
  void describe(long bytes) {
    heads.addAndGet(bytes);
  }

  long used() {
    return allocator.metric().usedDirectMemory() + heads.get();
  }

  long most() {
    return most;
  }
}
