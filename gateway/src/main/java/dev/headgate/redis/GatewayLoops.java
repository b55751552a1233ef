package dev.headgate.redis;

import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.SucceededFuture;
import java.util.concurrent.TimeUnit;

/**
 * Has Lettuce use event loops that are another's: a call and its answer then wake no thread but
 * those that run already. They are not its to shut down.
 */
record GatewayLoops(EventLoopGroup loops) implements EventLoopGroupProvider {
  private static final Future<Boolean> DONE =
      new SucceededFuture<>(ImmediateEventExecutor.INSTANCE, true);

  /** Lettuce asks for the class that it would make, and takes whatever group it gets. */
  @Override
  @SuppressWarnings("unchecked")
  public <T extends EventLoopGroup> T allocate(Class<T> type) {
    return (T) loops;
  }

  @Override
  public int threadPoolSize() {
    return 1;
  }

  @Override
  public Future<Boolean> release(
      EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
    return DONE;
  }

  @Override
  public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
    return DONE;
  }
}
