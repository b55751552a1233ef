package dev.headgate.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has not said which HTTP it speaks: it is idle, and let go like any idle one.
 */
final class SilentConnection extends ChannelInboundHandlerAdapter {
  private static final String NAME = "headgate.silent";

  private final Duration limit;
  private @Nullable Future<?> expiry;

  private SilentConnection(Duration limit) {
    this.limit = limit;
  }

  static void install(ChannelPipeline pipeline, Duration limit) {
    pipeline.addFirst(NAME, new SilentConnection(limit));
  }

  /** It has spoken. */
  static void over(ChannelPipeline pipeline) {
    if (pipeline.get(NAME) != null) {
      pipeline.remove(NAME);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    expiry = ctx.executor().schedule(() -> ctx.close(), limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (expiry != null) {
      expiry.cancel(false);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Drain.CloseIfIdle.NOW) {
      ctx.close();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }
}
