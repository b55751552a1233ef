package dev.headgate.upstream;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one endpoint. Idle ones are kept per event loop, so that an exchange never
 * leaves its own, newest first, so that a quiet pool shrinks; the limit counts over all loops.
 *
 * <p>A permit is one connection, opening or open; it is given back exactly once, when the
 * connection's channel closes or its opening fails. At the limit calls wait, first come first
 * served over all loops, as many as there may be connections; a permit that comes free goes to the
 * one that waits longest. A connection cannot change its loop, so one that comes free on another
 * loop than the waiter's is closed for its permit.
 */
final class ConnectionPool {
  private final EndpointKey key;
  private final Connector connector;
  private final AtomicInteger permits = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
  private final Map<EventLoop, IdleConnections> idle = new ConcurrentHashMap<>();
  private volatile PoolSettings settings;
  private volatile boolean retired;

  ConnectionPool(EndpointKey key, PoolSettings settings, Connector connector) {
    this.key = key;
    this.settings = settings;
    this.connector = connector;
  }

  /** Who wants a connection; called on its event loop, once, unless cancelled before. */
  interface Acquirer {
    void ready(Http1Connection connection);

    void failed(GatewayFailure failure);
  }

  /** A table uses this endpoint, with these limits; connections that are open stay. */
  void use(PoolSettings changed) {
    settings = changed;
    retired = false;
    serveNext();
  }

  /** No table uses this endpoint any more: what is idle is closed, the rest after its exchange. */
  void retire() {
    retired = true;
    idle.forEach((loop, connections) -> loop.execute(connections::closeAll));
  }

  /** Connections open or opening. */
  int size() {
    return permits.get();
  }

  /** Connections idle, over all loops. */
  int idle() {
    return idle.values().stream().mapToInt(IdleConnections::size).sum();
  }

  /** Calls waiting for a connection. */
  int waiting() {
    return waiting.get();
  }

  /**
   * Gets a connection, a pooled one at once where there is one.
   *
   * @return what to call when it is no longer wanted; null where it has been handed over already
   */
  @Nullable Runnable acquire(EventLoop loop, Acquirer acquirer) {
    Http1Connection pooled = idleOn(loop).poll(settings);
    if (pooled != null) {
      acquirer.ready(pooled);
      return null;
    }
    Waiter waiter = new Waiter(loop, acquirer);
    if (tryPermit()) {
      open(waiter);
    } else if (!enqueue(waiter)) {
      acquirer.failed(GatewayFailure.of(FailureReason.POOL_EXHAUSTED));
      return null;
    }
    return waiter::cancel;
  }

  /** Takes a connection back whose exchange is over and which may serve another. */
  void release(Http1Connection connection) {
    if (retired || !connection.open() || connection.olderThan(settings.maxLife())) {
      connection.close();
      return;
    }
    Waiter waiter = waiters.peek();
    if (waiter == null) {
      IdleConnections own = idleOn(connection.loop());
      own.push(connection);
      if (!waiters.isEmpty()) {
        // It came between the look and the push, and saw nothing idle either.
        own.closeOldest();
      }
    } else if (waiter.loop == connection.loop() && waiters.remove(waiter)) {
      waiting.decrementAndGet();
      if (!waiter.take(connection)) {
        release(connection);
      }
    } else {
      connection.close();
    }
  }

  /** A connection's channel has closed, whatever it was doing. */
  void closed(Http1Connection connection) {
    IdleConnections own = idle.get(connection.loop());
    if (own != null) {
      own.remove(connection);
    }
    permitFree();
  }

  private IdleConnections idleOn(EventLoop loop) {
    IdleConnections own = idle.get(loop);
    return own != null ? own : idle.computeIfAbsent(loop, l -> new IdleConnections(l));
  }

  private boolean tryPermit() {
    // Never beyond the limit, not even for a moment: whoever gave a permit back in that moment
    // would
    // find none free, and nobody would serve those that wait.
    int limit = settings.maxConnections();
    int taken = permits.get();
    while (taken < limit) {
      if (permits.compareAndSet(taken, taken + 1)) {
        return true;
      }
      taken = permits.get();
    }
    return false;
  }

  private void permitFree() {
    permits.decrementAndGet();
    serveNext();
  }

  private void serveNext() {
    while (!waiters.isEmpty() && tryPermit()) {
      Waiter waiter = waiters.poll();
      if (waiter != null) {
        waiting.decrementAndGet();
        waiter.loop.execute(() -> open(waiter));
      } else {
        permits.decrementAndGet();
      }
    }
  }

  private boolean enqueue(Waiter waiter) {
    if (waiting.incrementAndGet() > settings.maxConnections()) {
      waiting.decrementAndGet();
      return false;
    }
    waiter.limit();
    waiters.add(waiter);
    // A permit may have come free between the refusal and the queue.
    serveNext();
    idle.forEach(
        (loop, connections) -> {
          if (loop != waiter.loop && connections.size() > 0) {
            loop.execute(connections::closeOldest);
          }
        });
    return true;
  }

  private void open(Waiter waiter) {
    if (waiter.done) {
      permitFree();
      return;
    }
    connector
        .connect(waiter.loop, key, settings.connectTimeout())
        .addListener((Future<Http1Connection> opened) -> opened(waiter, opened));
  }

  private void opened(Waiter waiter, Future<Http1Connection> opened) {
    if (!opened.isSuccess()) {
      permitFree();
      waiter.fail(ConnectFailures.classify(opened.cause()));
      return;
    }
    Http1Connection connection = opened.getNow();
    if (!connection.joins(this)) {
      permitFree();
      waiter.fail(GatewayFailure.of(FailureReason.UPSTREAM_RESET));
      return;
    }
    if (!waiter.take(connection)) {
      release(connection);
    }
  }

  /** One call that has no connection yet; lives on its own event loop, but for the queue. */
  private final class Waiter {
    final EventLoop loop;
    private final Acquirer acquirer;
    private @Nullable Future<?> limit;
    boolean done;

    Waiter(EventLoop loop, Acquirer acquirer) {
      this.loop = loop;
      this.acquirer = acquirer;
    }

    void limit() {
      long nanos = settings.connectTimeout().toNanos();
      limit =
          loop.schedule(
              () -> {
                leave();
                fail(GatewayFailure.of(FailureReason.POOL_EXHAUSTED));
              },
              nanos,
              TimeUnit.NANOSECONDS);
    }

    boolean take(Http1Connection connection) {
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
      leave();
    }

    private boolean end() {
      boolean first = !done;
      done = true;
      if (limit != null) {
        limit.cancel(false);
      }
      return first;
    }

    private void leave() {
      if (waiters.remove(this)) {
        waiting.decrementAndGet();
      }
    }
  }

  /** The idle connections of one event loop; only their number is read by others. */
  private static final class IdleConnections {
    private final EventLoop loop;
    private final ArrayDeque<Http1Connection> newestFirst = new ArrayDeque<>();
    private volatile int size;
    private boolean sweeping;

    IdleConnections(EventLoop loop) {
      this.loop = loop;
    }

    int size() {
      return size;
    }

    @Nullable Http1Connection poll(PoolSettings settings) {
      Http1Connection next;
      while ((next = newestFirst.poll()) != null) {
        size = newestFirst.size();
        if (next.usable(settings)) {
          return next;
        }
        next.close();
      }
      return null;
    }

    void push(Http1Connection connection) {
      connection.idle();
      newestFirst.push(connection);
      size = newestFirst.size();
      if (!sweeping) {
        sweeping = true;
        scheduleSweep(connection.settings());
      }
    }

    void remove(Http1Connection connection) {
      if (newestFirst.remove(connection)) {
        size = newestFirst.size();
      }
    }

    void closeOldest() {
      Http1Connection oldest = newestFirst.pollLast();
      size = newestFirst.size();
      if (oldest != null) {
        oldest.close();
      }
    }

    void closeAll() {
      while (!newestFirst.isEmpty()) {
        closeOldest();
      }
    }

    private void scheduleSweep(PoolSettings settings) {
      long period = Math.max(1, settings.maxIdle().toMillis() / 2);
      loop.schedule(() -> sweep(), period, TimeUnit.MILLISECONDS);
    }

    private void sweep() {
      Http1Connection oldest;
      while ((oldest = newestFirst.peekLast()) != null && !oldest.usable(oldest.settings())) {
        closeOldest();
      }
      sweeping = oldest != null;
      if (oldest != null) {
        scheduleSweep(oldest.settings());
      }
    }
  }

  PoolSettings settings() {
    return settings;
  }
}
