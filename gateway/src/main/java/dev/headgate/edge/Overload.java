package dev.headgate.edge;

import java.util.concurrent.atomic.LongAdder;

/**
 * Whether the gateway has more to do than it can. Above either limit new requests are refused at
 * once, so that those in flight get what they need; asking costs two volatile reads.
 */
public final class Overload {
  /** Percentage points that memory must fall before requests are taken again, against flapping. */
  private static final int RELIEF = 5;

  private final int maxInFlight;
  private final int maxMemoryPercent;
  private final LongAdder refused = new LongAdder();
  private volatile boolean memoryFull;

  /**
   * @param maxInFlight requests in flight, 0 for no limit
   * @param maxMemoryPercent of the direct memory that the process may use, 1 to 100
   */
  public Overload(int maxInFlight, int maxMemoryPercent) {
    this.maxInFlight = maxInFlight;
    this.maxMemoryPercent = maxMemoryPercent;
  }

  /**
   * Whether a request that has just come in must be refused.
   *
   * @param inFlight this one included
   */
  boolean refuses(int inFlight) {
    if (memoryFull || (inFlight > maxInFlight && maxInFlight > 0)) {
      refused.increment();
      return true;
    }
    return false;
  }

  /**
   * What was found in use; to be told now and then.
   *
   * @param used bytes
   * @param max bytes there may be; positive
   */
  public void memory(long used, long max) {
    int limit = memoryFull ? maxMemoryPercent - RELIEF : maxMemoryPercent;
    memoryFull = used >= max / 100.0 * limit;
  }

  /** Whether memory is the reason that requests are refused just now. */
  public boolean memoryFull() {
    return memoryFull;
  }

  /** Whether so many requests in flight are all that there may be. */
  public boolean full(int inFlight) {
    return maxInFlight > 0 && inFlight >= maxInFlight;
  }

  /** Requests refused since the start. */
  public long refused() {
    return refused.sum();
  }
}
