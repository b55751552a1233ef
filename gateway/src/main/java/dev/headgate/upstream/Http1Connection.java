package dev.headgate.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to an endpoint, carrying one call at a time. While it is idle a read is
 * outstanding, so that the service's closing it is seen at once and it is not handed out dead.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter {
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable ConnectionPool pool;
  private @Nullable Http1Call call;
  private @Nullable Throwable error;
  private boolean finished;
  private long openedNanos;
  private long idleSinceNanos;

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    openedNanos = now();
  }

  /**
   * The pool counts it from here on, until its channel closes.
   *
   * @return false where it has closed already, in which case it does not count
   */
  boolean joins(ConnectionPool owner) {
    if (!open()) {
      return false;
    }
    pool = owner;
    return true;
  }

  void begin(Http1Call next) {
    call = next;
  }

  /**
   * The call is over; the connection may carry another, but only after all that was read with its
   * end: surplus bytes would be taken for the next call's response.
   */
  void finish() {
    call = null;
    finished = true;
  }

  /** The call is over and so is the connection. */
  void abandon() {
    call = null;
    close();
  }

  void close() {
    ctx().close();
  }

  void idle() {
    idleSinceNanos = now();
    ctx().read();
  }

  boolean open() {
    return ctx().channel().isActive();
  }

  boolean usable(PoolSettings settings) {
    return open()
        && now() - idleSinceNanos < settings.maxIdle().toNanos()
        && !olderThan(settings.maxLife());
  }

  boolean olderThan(Duration maxLife) {
    return now() - openedNanos >= maxLife.toNanos();
  }

  PoolSettings settings() {
    if (pool == null) {
      throw new IllegalStateException("a connection that was never pooled");
    }
    return pool.settings();
  }

  EventLoop loop() {
    return ctx().channel().eventLoop();
  }

  ChannelHandlerContext ctx() {
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return ctx;
  }

  private long now() {
    return loop().ticker().nanoTime();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (call == null) {
      // Bytes nobody asked for: whatever they are, no later response could be trusted.
      finished = false;
      ReferenceCountUtil.release(message);
      context.close();
    } else if (error != null) {
      // The codec takes any close for the end of a body without a length; this was a reset.
      ReferenceCountUtil.release(message);
    } else {
      call.received(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (finished) {
      finished = false;
      if (pool == null) {
        close();
      } else {
        pool.release(this);
      }
    } else if (call != null) {
      call.readComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (call != null) {
      call.writabilityChanged();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Http1Call running = call;
    call = null;
    if (running != null) {
      running.connectionClosed(error);
    }
    if (pool != null) {
      pool.closed(this);
      pool = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    error = cause;
    context.close();
  }
}
