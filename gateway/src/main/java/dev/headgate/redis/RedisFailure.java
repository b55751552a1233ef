package dev.headgate.redis;

import org.jspecify.annotations.Nullable;

/** A call that came to nothing, or to nothing that is known. Carries no stack trace. */
public final class RedisFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final boolean maybeDone;

  /** Why. */
  public enum Kind {
    /** Not connected, too much under way, the connection was lost, or Redis is not ready. */
    UNAVAILABLE,
    /** No answer in time. */
    TIMEOUT,
    /** A replica, or a master that takes no writes for now. */
    READ_ONLY,
    /** Out of memory. */
    FULL,
    /** Done, but not confirmed by as many replicas as were asked for. */
    NOT_REPLICATED,
    /** It refused the command: no permission, another type of value, an error of the script. */
    REFUSED
  }

  RedisFailure(Kind kind, String message, boolean maybeDone, @Nullable Throwable cause) {
    super(message, cause, false, false);
    this.kind = kind;
    this.maybeDone = maybeDone;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether the script may have run, or may run yet. */
  public boolean maybeDone() {
    return maybeDone;
  }
}
