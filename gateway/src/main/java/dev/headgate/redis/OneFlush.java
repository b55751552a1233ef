package dev.headgate.redis;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;

/**
 * Writes what has come together while a thread was at it in one go: Lettuce flushes after each
 * command, which is a system call for each.
 */
final class OneFlush implements NettyCustomizer {
  private static final int MOST_WAITING = 256;

  @Override
  public void afterChannelInitialized(Channel channel) {
    channel.pipeline().addFirst(new FlushConsolidationHandler(MOST_WAITING, true));
  }
}
