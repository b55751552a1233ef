package dev.headgate.upstream;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Lets one read of a stream take all that its connection has for it in this turn, so that a small
 * response is seen whole. Netty would end it after each frame of a stream that does not read by
 * itself; the stream's window is what bounds it.
 */
final class WholeTurn extends DefaultMaxMessagesRecvByteBufAllocator {
  // Streams allocate nothing: their frames come decoded.
  private static final int ANY_SIZE = 1024;

  @Override
  public MaxMessageHandle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public int guess() {
        return ANY_SIZE;
      }

      @Override
      public boolean continueReading() {
        return true;
      }
    };
  }
}
