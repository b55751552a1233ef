package dev.headgate.exchange;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One try of the service, as the stages behind the retry share it. Whoever tries again begins a new
 * one; a stage takes the one that is current when it is called, since tries may overlap (hedging).
 *
 * <p>A try begins when it has an endpoint and asks for a connection; one that is turned away before
 * (by a breaker, a bulkhead) never begins and so never ends. It ends exactly once: after the
 * response's last byte, with a failure, or because nobody wants the rest.
 */
public final class Try {
  private final int number;
  private final boolean hedge;
  private @Nullable Destination destination;
  private int status;
  private long spanId;
  private long startNanos = -1;
  private long lastedNanos = -1;
  private @Nullable Duration limit;
  private @Nullable Consumer<End> whenEnded;
  private @Nullable End end;
  private @Nullable FailureReason failure;
  private boolean sent;
  private boolean awaitedClient;
  private boolean timedOut;

  /** How a try ended. */
  public enum End {
    /** The response was received whole, or the tunnel was closed in order from both sides. */
    COMPLETE,
    /** There is a {@link GatewayFailure}, before the response's head or in its body. */
    FAILED,
    /** The client, or a stage that had no use for the rest, let go; see {@link #timedOut()}. */
    CANCELLED
  }

  Try(int number, boolean hedge) {
    this.number = number;
    this.hedge = hedge;
  }

  /** From 1, in the order in which the tries of a request were begun. */
  public int number() {
    return number;
  }

  /** Whether it runs beside another that has not failed. */
  public boolean hedge() {
    return hedge;
  }

  /** Where it goes; null before it has begun. */
  public @Nullable Destination destination() {
    return destination;
  }

  /** Where it goes, {@code host:port}; null before it has begun. */
  public @Nullable String endpoint() {
    return destination == null ? null : destination.endpoint();
  }

  /** The status of the answer, whose head has come; 0 without one. */
  public int status() {
    return status;
  }

  /** Said by the upstream call: the answer's head has come. */
  public void answered(int code) {
    status = code;
  }

  /** What it is called in its trace; 0 where the exchange is in none, or nobody was told. */
  public long spanId() {
    return spanId;
  }

  public void spanId(long id) {
    spanId = id;
  }

  /** When it began, by the event loop's ticker; -1 before. */
  public long startNanos() {
    return startNanos;
  }

  /** How long it may take to its response's head, by a limit of its own; null without one. */
  public @Nullable Duration limit() {
    return limit;
  }

  public void limit(Duration perTry) {
    limit = perTry;
  }

  /** How long it took to its end, in nanoseconds; -1 before. */
  public long lastedNanos() {
    return lastedNanos;
  }

  /** Said by the upstream call, right before it says how the try ended. */
  public void lasted(long nowNanos) {
    if (lastedNanos < 0) {
      lastedNanos = nowNanos - startNanos;
    }
  }

  /**
   * Whether the service may have got something of the request: false as long as it waits for a
   * connection, and for ever where it never had one.
   */
  public boolean sent() {
    return sent;
  }

  /** Said by the upstream call: there is a connection, and the request goes out on it. */
  public void sends() {
    sent = true;
  }

  /**
   * Whether the service may have acted on it without anybody knowing what came of that: it was
   * sent, and neither answered whole nor provably refused.
   */
  public boolean ambiguous() {
    boolean refused = failure != null && failure.provesNotReceived();
    return sent && end != End.COMPLETE && !refused;
  }

  /** How it ended, or null. */
  public @Nullable End end() {
    return end;
  }

  /** Why it {@linkplain End#FAILED failed}; null where it did not. */
  public @Nullable FailureReason failure() {
    return failure;
  }

  /**
   * Whether the rest of the client's body was what it waited for when it was cut off, so that its
   * taking long is not the service's doing.
   */
  public boolean awaitedClient() {
    return awaitedClient;
  }

  /** Whether it is let go because it was too slow, and not because nobody wants it any more. */
  public boolean timedOut() {
    return timedOut;
  }

  /** Said by whoever set a limit that was the try's to keep, just before it lets go. */
  public void tooSlow() {
    timedOut = true;
  }

  /** Said by the upstream call: an endpoint was chosen, and a connection is asked for. */
  public void begun(Destination to, long nowNanos) {
    destination = to;
    startNanos = nowNanos;
  }

  /**
   * Says how the try ended; in the order of registering, outermost stage first. At once if over.
   */
  public void whenEnded(Consumer<End> listener) {
    if (end != null) {
      listener.accept(end);
      return;
    }
    Consumer<End> earlier = whenEnded;
    whenEnded = earlier == null ? listener : earlier.andThen(listener);
  }

  /** Said by the upstream call, ahead of {@link #ended}: it is cut off while the client sends. */
  public void awaitsClient() {
    awaitedClient = true;
  }

  /** Said by the upstream call: {@link End#FAILED}, and why. */
  public void failed(FailureReason why) {
    if (end == null) {
      failure = why;
      ended(End.FAILED);
    }
  }

  /** Said by the upstream call; what comes after the first is not heard. */
  public void ended(End how) {
    if (end != null) {
      return;
    }
    end = how;
    Consumer<End> listener = whenEnded;
    whenEnded = null;
    if (listener != null) {
      listener.accept(how);
    }
  }
}
