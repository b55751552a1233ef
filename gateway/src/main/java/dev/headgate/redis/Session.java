package dev.headgate.redis;

/** A connection to Redis, or to all nodes of a Cluster, from its being made to its being closed. */
interface Session {
  /** Takes a call that is not over; says how it ended to whoever made the session. */
  void send(Call call);

  Load load();

  /** Asks for a sign of life, which {@link #load} then shows. */
  void ping();

  /** Whether it is over once its connection is. */
  boolean isOneConnection();

  boolean isOpen();

  /** Fails what is under way. */
  void close();

  /** What a session says of its calls. */
  interface Ends {
    void answered(Session session, Call call, byte[] value);

    /** Also where the session itself is gone. */
    void failed(Session session, Call call, Throwable error);
  }
}
