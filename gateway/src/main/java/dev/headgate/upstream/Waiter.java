package dev.headgate.upstream;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.upstream.ConnectionPool.Acquirer;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call that has no connection yet; lives on its own event loop, but for the pool's queue. */
final class Waiter {
  private final ConnectionPool pool;
  private final EventLoop loop;
  private final Acquirer acquirer;
  private @Nullable Future<?> limit;
  private boolean done;

  Waiter(ConnectionPool pool, EventLoop loop, Acquirer acquirer) {
    this.pool = pool;
    this.loop = loop;
    this.acquirer = acquirer;
  }

  EventLoop loop() {
    return loop;
  }

  boolean done() {
    return done;
  }

  /** It is about to queue, which it may for so long. */
  void limit(long nanos) {
    limit =
        loop.schedule(
            () -> {
              pool.leave(this);
              fail(GatewayFailure.of(FailureReason.POOL_EXHAUSTED));
            },
            nanos,
            TimeUnit.NANOSECONDS);
  }

  /** It has left the queue for an opening or a connection. */
  void unlimited() {
    if (limit != null) {
      limit.cancel(false);
    }
  }

  /**
   * @return false where nobody waits any more
   */
  boolean take(PooledConnection connection) {
    if (!end()) {
      return false;
    }
    acquirer.ready(connection);
    return true;
  }

  void fail(GatewayFailure failure) {
    if (end()) {
      acquirer.failed(failure);
    }
  }

  void cancel() {
    end();
    pool.leave(this);
  }

  private boolean end() {
    boolean first = !done;
    done = true;
    unlimited();
    return first;
  }
}
