package dev.headgate.upstream;

import io.netty.channel.EventLoop;

/** A connection as its pool sees it; on its event loop only. */
interface PooledConnection {
  EventLoop loop();

  /**
   * The pool counts it from here on, until it says that it has {@linkplain
   * ConnectionPool#closed(PooledConnection) closed}.
   *
   * @return false where it has closed already, in which case it does not count
   */
  boolean joins(ConnectionPool owner);

  /** Whether it may carry another attempt, now or when one has ended. */
  boolean open();

  /** How many more attempts it can carry now; 0 where it is not {@link #open()}. */
  int free();

  /** Whether it carries an attempt. */
  boolean busy();

  /** When it was opened, in nanoseconds of its loop's ticker. */
  long openedNanos();

  /** Since when it is not busy, in nanoseconds of its loop's ticker. */
  long idleSinceNanos();

  /** Begins an attempt; only where there is one {@link #free()}. */
  Carrier carry(Attempt attempt);

  /** The pool holds it until it is needed. */
  void rest();

  /** It carries no further attempt, and closes when those it carries are over. */
  void retire();
}
