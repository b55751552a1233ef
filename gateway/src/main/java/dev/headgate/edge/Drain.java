package dev.headgate.edge;

import dev.headgate.exchange.Background;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How the gateway goes down without cutting anybody off. Reactor Netty's own graceful shutdown does
 * not know our exchanges and would close them, so this comes first: answers ask for the connection
 * to be closed, idle connections are closed, and whoever shuts down waits for those in flight.
 */
public final class Drain implements Background {
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean draining;

  /** From here on answers carry {@code Connection: close}. */
  public void begin() {
    draining = true;
  }

  public boolean draining() {
    return draining;
  }

  /** Exchanges begun and not over, Spring's included. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Open connections, idle ones included. */
  public int connections() {
    return connections.size();
  }

  /** Closes the connections that carry no exchange just now; the others close after theirs. */
  public void closeIdle() {
    connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(CloseIfIdle.NOW));
  }

  void opened(Channel channel) {
    connections.add(channel);
  }

  /** As an exchange in flight, though its client's own is over. */
  @Override
  public void begun() {
    exchangeBegun();
  }

  @Override
  public void over() {
    exchangeEnded();
  }

  void exchangeBegun() {
    inFlight.incrementAndGet();
  }

  void exchangeEnded() {
    if (inFlight.decrementAndGet() == 0 && draining) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /**
   * Waits until no exchange is in flight; not to be called on an event loop.
   *
   * @return false when the limit came first
   */
  public synchronized boolean awaitIdle(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (inFlight() > 0) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** Told to a connection. */
  enum CloseIfIdle {
    NOW
  }
}
