package dev.headgate.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MpscArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands lines to one writing thread over a bounded queue. When the queue is full, because the disk
 * or whoever reads the pipe is too slow, lines are dropped and counted: the event loop goes on.
 */
public final class AsyncAccessLog implements AccessLog, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncAccessLog.class);
  private static final long PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long CLOSE_MILLIS = 5_000;
  private static final int BATCH = 256;

  private final MpscArrayQueue<AccessRecord> queue;
  private final AccessLineEncoder encoder;
  private final LongAdder dropped = new LongAdder();
  private final AtomicBoolean failing = new AtomicBoolean();
  private final Thread writer;
  private volatile boolean closed;

  /**
   * @param capacity lines that may wait, a power of two is best; 8,192 is a quarter of a second at
   *     30,000 requests/s
   * @param out written by nobody else from here on; not closed, since it may be standard output
   */
  public AsyncAccessLog(int capacity, OutputStream out) {
    this.queue = new MpscArrayQueue<>(capacity);
    this.encoder = new AccessLineEncoder(out);
    this.writer = new Thread(this::run, "access-log");
    writer.setDaemon(true);
    writer.start();
  }

  @Override
  public void log(AccessRecord record) {
    if (closed || !queue.offer(record)) {
      dropped.increment();
    }
  }

  /** Lines lost since the start, to a full queue or a failing output. */
  public long dropped() {
    return dropped.sum();
  }

  private void run() {
    while (!closed || !queue.isEmpty()) {
      int written = drain();
      if (written == 0) {
        // Polling costs nothing while there is traffic and 100 wake-ups a second while there is
        // none; waking the thread for each line would cost the event loop a system call.
        LockSupport.parkNanos(this, PARK_NANOS);
      }
    }
  }

  private int drain() {
    int count = 0;
    AccessRecord record;
    try {
      while (count < BATCH && (record = queue.relaxedPoll()) != null) {
        count++;
        encoder.write(record);
      }
      if (count > 0) {
        encoder.flush();
        failing.set(false);
      }
    } catch (IOException | RuntimeException e) {
      dropped.add(count);
      encoder.reset();
      if (failing.compareAndSet(false, true)) {
        LOG.error("access log: cannot write, lines are dropped and counted until it works", e);
      }
    }
    return count;
  }

  /** Writes what is queued, for at most five seconds. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(writer);
    try {
      writer.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
