package dev.headgate.upstream;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.upstream.LoopPool.Opening;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one endpoint. They are kept per event loop, so that an exchange never leaves
 * its own, newest first, so that a quiet pool shrinks; the limit counts over all loops.
 *
 * <p>A permit is one connection, opening or open; it is given back exactly once, when the
 * connection's channel closes or its opening fails. At the limit calls wait, first come first
 * served over all loops, as many as the connections could carry; a permit that comes free goes to
 * the one that waits longest. A connection cannot change its loop: one of HTTP/1.1 that comes free
 * on another loop than the waiter's is closed for its permit, and one of HTTP/2 is let go where the
 * waiter's loop has none.
 *
 * <p>Attempts that find a connection of HTTP/2 being opened share it, rather than opening one each.
 */
final class ConnectionPool {
  private static final int MOST_WAITING = 65_536;

  private final EndpointKey key;
  private final Connector connector;
  private final LongAdder created;
  private final int callsEach;
  private final AtomicInteger permits = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
  private final Map<EventLoop, LoopPool> loops = new ConcurrentHashMap<>();
  private volatile PoolSettings settings;
  private volatile boolean retired;

  /**
   * @param created counts the connections that are begun to be opened
   */
  ConnectionPool(EndpointKey key, PoolSettings settings, Connector connector, LongAdder created) {
    this.key = key;
    this.settings = settings;
    this.connector = connector;
    this.created = created;
    this.callsEach = key.protocol().multiplexed() ? Http2Session.MAX_STREAMS : 1;
  }

  /** Who wants a connection; called on its event loop, once, unless cancelled before. */
  interface Acquirer {
    void ready(PooledConnection connection);

    void failed(GatewayFailure failure);

    /** Whether a failing on a connection that was closed meanwhile could not be mended. */
    boolean hasOneShot();
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
    loops.forEach((loop, pool) -> loop.execute(pool::retireAll));
  }

  /** Connections are not used again once what they carry is over; new ones take their place. */
  void renew() {
    loops.forEach((loop, pool) -> loop.execute(pool::renew));
  }

  /** Connections open or opening. */
  int size() {
    return permits.get();
  }

  /** Connections that carry nothing, over all loops. */
  int idle() {
    return loops.values().stream().mapToInt(LoopPool::idle).sum();
  }

  /** Calls waiting for a connection. */
  int waiting() {
    return waiting.get();
  }

  PoolSettings settings() {
    return settings;
  }

  /**
   * Gets a connection, a pooled one at once where there is one.
   *
   * @return what to call when it is no longer wanted; null where it has been handed over already
   */
  @Nullable Runnable acquire(EventLoop loop, Acquirer acquirer) {
    LoopPool own = on(loop);
    PooledConnection pooled = own.peek();
    if (pooled != null && !shared()) {
      own.remove(pooled);
      if (acquirer.hasOneShot()) {
        return settle(pooled, loop, acquirer);
      }
    }
    if (pooled != null) {
      acquirer.ready(pooled);
      own.changed(pooled);
      return null;
    }
    Waiter waiter = new Waiter(this, loop, acquirer);
    place(waiter);
    return waiter::cancel;
  }

  /**
   * Hands a connection over only after the loop has looked at its sockets once more: that the
   * service closed it may have arrived and wait to be seen. A timer is what comes after that; a
   * task may run before.
   */
  private Runnable settle(PooledConnection pooled, EventLoop loop, Acquirer acquirer) {
    Waiter waiter = new Waiter(this, loop, acquirer);
    loop.schedule(() -> settled(pooled, waiter), 1, TimeUnit.NANOSECONDS);
    return waiter::cancel;
  }

  private void settled(PooledConnection pooled, Waiter waiter) {
    if (pooled.open() && waiter.take(pooled)) {
      return;
    }
    if (pooled.open()) {
      release(pooled);
    }
    placeAgain(waiter);
  }

  private void place(Waiter waiter) {
    if (shared() && on(waiter.loop()).join(waiter, callsEach)) {
      return;
    }
    if (tryPermit()) {
      open(waiter);
    } else if (!enqueue(waiter)) {
      waiter.fail(GatewayFailure.of(FailureReason.POOL_EXHAUSTED));
    }
  }

  /** Takes a connection back which may carry another attempt; on its loop. */
  void release(PooledConnection connection) {
    LoopPool own = on(connection.loop());
    if (retired || !connection.open() || own.expired(connection)) {
      own.remove(connection);
      connection.retire();
      return;
    }
    while (connection.free() > 0) {
      Waiter waiter = nextFor(connection);
      if (waiter == null) {
        break;
      }
      waiter.take(connection);
    }
    if (neededElsewhere(connection)) {
      own.remove(connection);
      connection.retire();
      return;
    }
    own.offer(connection);
    own.changed(connection);
    if (!shared() && !waiters.isEmpty()) {
      // It came between the look and the offer, and saw nothing idle either.
      own.makeRoom(false);
    }
  }

  /** The waiter to be served by it, taken out of the queue; null for none. */
  private @Nullable Waiter nextFor(PooledConnection connection) {
    for (Waiter waiter : waiters) {
      if (waiter.loop() == connection.loop()) {
        if (leave(waiter)) {
          return waiter;
        }
      } else if (!shared()) {
        return null;
      }
    }
    return null;
  }

  private boolean neededElsewhere(PooledConnection connection) {
    Waiter longest = waiters.peek();
    return longest != null
        && longest.loop() != connection.loop()
        && (!shared() || on(longest.loop()).connections() == 0)
        && connection.free() > 0;
  }

  /** A connection's channel has closed, whatever it was doing. */
  void closed(PooledConnection connection) {
    on(connection.loop()).gone(connection);
    permitFree();
  }

  private boolean shared() {
    return callsEach > 1;
  }

  private LoopPool on(EventLoop loop) {
    LoopPool own = loops.get(loop);
    return own != null
        ? own
        : loops.computeIfAbsent(loop, l -> new LoopPool(l, shared(), this::settings));
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
        waiter.loop().execute(() -> open(waiter));
      } else {
        permits.decrementAndGet();
      }
    }
  }

  private boolean enqueue(Waiter waiter) {
    int most = (int) Math.min(MOST_WAITING, (long) settings.maxConnections() * callsEach);
    if (waiting.incrementAndGet() > most) {
      waiting.decrementAndGet();
      return false;
    }
    waiter.limit(settings.connectTimeout().toNanos());
    waiters.add(waiter);
    // A permit may have come free between the refusal and the queue.
    serveNext();
    if (!shared()) {
      askForRoom(waiter, false);
    } else if (on(waiter.loop()).connections() == 0) {
      askForRoom(waiter, true);
    }
    return true;
  }

  private void askForRoom(Waiter waiter, boolean busyToo) {
    for (LoopPool other : loops.values()) {
      boolean has = busyToo ? other.connections() > 0 : other.idle() > 0;
      if (other.loop() != waiter.loop() && has) {
        other.loop().execute(() -> other.makeRoom(busyToo));
        if (busyToo) {
          return;
        }
      }
    }
  }

  /** Takes a waiter out of the queue, where it still is. */
  boolean leave(Waiter waiter) {
    boolean queued = waiters.remove(waiter);
    if (queued) {
      waiting.decrementAndGet();
    }
    return queued;
  }

  /** Opens a connection under a permit. */
  private void open(Waiter waiter) {
    if (waiter.done()) {
      permitFree();
      return;
    }
    waiter.unlimited();
    created.increment();
    Opening opening = on(waiter.loop()).opening(waiter);
    connector
        .connect(waiter.loop(), key, settings.connectTimeout())
        .addListener((Future<PooledConnection> opened) -> opened(waiter.loop(), opening, opened));
  }

  private void opened(EventLoop loop, Opening opening, Future<PooledConnection> opened) {
    LoopPool own = on(loop);
    own.opened(opening);
    PooledConnection connection = opened.isSuccess() ? opened.getNow() : null;
    if (connection == null || !connection.joins(this)) {
      own.gone(null);
      permitFree();
      failAll(
          opening,
          connection == null
              ? ConnectFailures.classify(opened.cause())
              : GatewayFailure.of(FailureReason.UPSTREAM_RESET));
      return;
    }
    if (connection.free() == 0) {
      // It takes no attempt at all, so that another connection would not either.
      connection.retire();
      failAll(opening, GatewayFailure.of(FailureReason.UPSTREAM_REFUSED));
      return;
    }
    Waiter next;
    while (connection.free() > 0 && (next = opening.next()) != null) {
      next.take(connection);
    }
    release(connection);
    while ((next = opening.next()) != null) {
      placeAgain(next);
    }
  }

  // What it was promised has not come to be: the service takes fewer attempts on a connection than
  // were put on it, or has closed it.
  private void placeAgain(Waiter waiter) {
    if (!waiter.done()) {
      place(waiter);
    }
  }

  private static void failAll(Opening opening, GatewayFailure failure) {
    Waiter next;
    while ((next = opening.next()) != null) {
      next.fail(failure);
    }
  }
}
