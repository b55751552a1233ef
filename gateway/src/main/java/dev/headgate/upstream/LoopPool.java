package dev.headgate.upstream;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop that can take another attempt, and those being opened; only
 * counts are read by others.
 */
final class LoopPool {
  private final EventLoop loop;
  private final boolean shared;
  private final Supplier<PoolSettings> settings;
  private final ArrayDeque<PooledConnection> newestFirst = new ArrayDeque<>();
  private final ArrayDeque<Opening> openings = new ArrayDeque<>();
  private volatile int idle;
  private final AtomicInteger connections = new AtomicInteger();
  private boolean sweeping;
  private boolean renewed;
  private long renewedNanos;

  /** A connection being opened, and the attempts that are to share it, first come first served. */
  static final class Opening {
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>(2);

    @Nullable Waiter next() {
      return waiters.poll();
    }
  }

  /**
   * @param shared whether a connection carries several attempts at once; else all here are idle
   */
  LoopPool(EventLoop loop, boolean shared, Supplier<PoolSettings> settings) {
    this.loop = loop;
    this.shared = shared;
    this.settings = settings;
  }

  EventLoop loop() {
    return loop;
  }

  /** Those that carry nothing. */
  int idle() {
    return idle;
  }

  /** Those open or being opened. */
  int connections() {
    return connections.get();
  }

  /** The newest connection that can take an attempt now, which stays where it is. */
  @Nullable PooledConnection peek() {
    PooledConnection next;
    while ((next = newestFirst.peek()) != null) {
      if (next.free() > 0 && usable(next)) {
        return next;
      }
      newestFirst.poll();
      if (!next.busy() || expired(next)) {
        next.retire();
      }
    }
    count();
    return null;
  }

  /** Takes out one that {@link #peek} gave. */
  void remove(PooledConnection connection) {
    if (newestFirst.remove(connection)) {
      count();
    }
  }

  /** An attempt was put on it or has ended on it. */
  void changed(PooledConnection connection) {
    if (connection.free() == 0) {
      newestFirst.remove(connection);
    }
    count();
  }

  /** It can take an attempt. */
  void offer(PooledConnection connection) {
    if (connection.free() > 0 && !(shared && newestFirst.contains(connection))) {
      connection.rest();
      newestFirst.push(connection);
      if (!sweeping) {
        sweeping = true;
        scheduleSweep();
      }
    }
    count();
  }

  Opening opening(Waiter first) {
    Opening opening = new Opening();
    opening.waiters.add(first);
    openings.add(opening);
    connections.incrementAndGet();
    return opening;
  }

  /**
   * Lets an attempt share a connection that is being opened.
   *
   * @param most attempts on one connection, as far as anybody knows before it is open
   */
  boolean join(Waiter waiter, int most) {
    for (Opening opening : openings) {
      if (opening.waiters.size() < most) {
        opening.waiters.add(waiter);
        return true;
      }
    }
    return false;
  }

  void opened(Opening opening) {
    openings.remove(opening);
  }

  /** One that was counted has gone, or was never opened. */
  void gone(@Nullable PooledConnection connection) {
    connections.decrementAndGet();
    if (connection != null) {
      newestFirst.remove(connection);
    }
    count();
  }

  /** Gives up the connection that was used least lately, busy ones only where asked. */
  void makeRoom(boolean busyToo) {
    Iterator<PooledConnection> oldestFirst = newestFirst.descendingIterator();
    while (oldestFirst.hasNext()) {
      PooledConnection oldest = oldestFirst.next();
      if (busyToo || !oldest.busy()) {
        oldestFirst.remove();
        count();
        oldest.retire();
        return;
      }
    }
  }

  /** None of those that are there now carries another attempt. */
  void renew() {
    renewedNanos = now();
    renewed = true;
    retireAll();
  }

  void retireAll() {
    PooledConnection next;
    while ((next = newestFirst.poll()) != null) {
      next.retire();
    }
    count();
  }

  private boolean usable(PooledConnection connection) {
    PoolSettings limits = settings.get();
    return connection.open()
        && !expired(connection)
        && (connection.busy() || now() - connection.idleSinceNanos() < limits.maxIdle().toNanos());
  }

  boolean expired(PooledConnection connection) {
    return now() - connection.openedNanos() >= settings.get().maxLife().toNanos()
        || (renewed && connection.openedNanos() - renewedNanos <= 0);
  }

  private void count() {
    if (!shared) {
      idle = newestFirst.size();
      return;
    }
    int n = 0;
    for (PooledConnection connection : newestFirst) {
      n += connection.busy() ? 0 : 1;
    }
    idle = n;
  }

  private void scheduleSweep() {
    long period = Math.max(1, settings.get().maxIdle().toMillis() / 2);
    loop.schedule(this::sweep, period, TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    Iterator<PooledConnection> all = newestFirst.iterator();
    while (all.hasNext()) {
      PooledConnection connection = all.next();
      if (!usable(connection)) {
        all.remove();
        connection.retire();
      }
    }
    count();
    sweeping = !newestFirst.isEmpty();
    if (sweeping) {
      scheduleSweep();
    }
  }

  private long now() {
    return loop.ticker().nanoTime();
  }
}
