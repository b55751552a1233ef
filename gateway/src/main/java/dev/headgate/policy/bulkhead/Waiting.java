package dev.headgate.policy.bulkhead;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A place in a bulkhead's queue. Whoever claims it first, the giver of a permit or the one that
 * waits, decides what becomes of it.
 */
final class Waiting implements Comparable<Waiting> {
  private final long ticket;
  private final EventLoop loop;
  private final Runnable granted;
  private final AtomicBoolean claimed = new AtomicBoolean();

  /**
   * @param ticket lower ones are served first
   * @param granted run on the loop when there is a permit for it, never from within a call
   */
  Waiting(long ticket, EventLoop loop, Runnable granted) {
    this.ticket = ticket;
    this.loop = loop;
    this.granted = granted;
  }

  /** True for the first who asks. */
  boolean claim() {
    return claimed.compareAndSet(false, true);
  }

  /**
   * Hands the caller's permit over.
   *
   * @return false where nobody waits any more: the permit is still the caller's
   */
  boolean grant() {
    if (!claim()) {
      return false;
    }
    try {
      // Even on its own loop: whoever gives the permit back is in the middle of something else.
      loop.execute(granted);
      return true;
    } catch (RejectedExecutionException loopHasGone) {
      return false;
    }
  }

  @Override
  public int compareTo(Waiting other) {
    return Long.compare(ticket, other.ticket);
  }
}
