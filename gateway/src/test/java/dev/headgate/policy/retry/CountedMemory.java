package dev.headgate.policy.retry;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** Buffers of an allocator that knows what of it is still held. */
final class CountedMemory {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

  ByteBuf buffer(String text) {
    ByteBuf buffer = allocator.heapBuffer(Math.max(1, text.length()));
    buffer.writeCharSequence(text, StandardCharsets.US_ASCII);
    return buffer;
  }

  /** Bytes that nobody has released. */
  long held() {
    return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
  }
}
