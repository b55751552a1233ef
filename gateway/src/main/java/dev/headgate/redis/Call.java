package dev.headgate.redis;

import dev.headgate.redis.RedisFailure.Kind;
import io.netty.util.Timeout;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One script's run, on whatever connections it takes. */
final class Call {
  private static final int MOST_RESENDS = 3;

  private final RedisScript script;
  private final byte[][] keys;
  private final byte[][] args;
  private final boolean replicated;
  private final long deadline;
  private final CompletableFuture<byte[]> result = new CompletableFuture<>();
  private volatile int resends;
  // Guarded by this, where it decides whether the call may be sent.
  private boolean failed;
  private volatile boolean underWay;
  private volatile boolean lost;
  private volatile @Nullable Timeout limit;

  /**
   * @param deadline in the ticker's nanoseconds
   */
  Call(RedisScript script, byte[][] keys, byte[][] args, boolean replicated, long deadline) {
    this.script = script;
    this.keys = keys;
    this.args = args;
    this.replicated = replicated;
    this.deadline = deadline;
  }

  RedisScript script() {
    return script;
  }

  byte[][] keys() {
    return keys;
  }

  byte[][] args() {
    return args;
  }

  boolean replicated() {
    return replicated;
  }

  CompletableFuture<byte[]> result() {
    return result;
  }

  /** Of what is sent, about. */
  int bytes() {
    int bytes = 128;
    for (byte[] key : keys) {
      bytes += key.length;
    }
    for (byte[] arg : args) {
      bytes += arg.length;
    }
    return bytes;
  }

  long leftNanos(long now) {
    return deadline - now;
  }

  boolean isOver() {
    return result.isDone();
  }

  /** It is over without it. */
  void endsWith(Timeout timeout) {
    limit = timeout;
    if (result.isDone()) {
      timeout.cancel();
    }
  }

  boolean mayBeResent() {
    return resends < MOST_RESENDS;
  }

  /** By one thread at a time: that of whoever was told that it had failed. */
  void resent() {
    int sofar = resends;
    resends = sofar + 1;
  }

  /** False where it is over: it is not to be sent then, since nobody would hear that it was. */
  synchronized boolean beginsToBeSent() {
    if (failed || result.isDone()) {
      return false;
    }
    underWay = true;
    return true;
  }

  /**
   * This time it has not run. What has run stays under way until the result is complete: it may
   * wait for replicas still, and its time may run out before anybody hears of it.
   */
  void refused() {
    underWay = false;
  }

  /** The connection is gone that the answer would have come by. */
  void lost() {
    lost = true;
    underWay = false;
  }

  void succeed(byte[] value) {
    if (result.complete(value)) {
      cancelLimit();
    }
  }

  void fail(Kind kind, String message, @Nullable Throwable cause) {
    if (result.isDone()) {
      return;
    }
    RedisFailure failure;
    synchronized (this) {
      boolean maybe = lost || underWay || kind == Kind.NOT_REPLICATED;
      failure = new RedisFailure(kind, message, maybe, cause);
      failed = true;
    }
    // Not under the lock: whoever waits goes on here.
    if (result.completeExceptionally(failure)) {
      cancelLimit();
    }
  }

  private void cancelLimit() {
    Timeout timeout = limit;
    if (timeout != null) {
      timeout.cancel();
    }
  }
}
