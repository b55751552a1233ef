package dev.headgate.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A body whose buffers go through a step on their way, one at a time and only as the subscriber
 * asks: counted, compressed. It holds one buffer on either side of the step, never more.
 *
 * <p><b>Ownership.</b> Each buffer of the source is the step's from {@link Step#next} on; what the
 * step gives back is the subscriber's. What has passed neither is released here, whatever the end.
 * The step is made at the subscription and closed exactly once, after which it is not called again.
 */
public final class SteppedBody implements Body {
  /**
   * A step may be heavy, and other exchanges wait for the event loop meanwhile: a larger buffer,
   * such as a whole body from memory, is cut into pieces of this many bytes, one a turn. 64 KiB is
   * the most that one read of a connection brings.
   */
  static final int PIECE = 64 * 1024;

  private final Body source;
  private final long length;
  private final EventLoop loop;
  private final Supplier<? extends Step> steps;

  /** What happens to each buffer. Confined to the exchange's event loop. */
  public interface Step {
    /**
     * Takes a buffer over, also where it throws, and gives what goes on in its place; unreadable
     * where nothing does.
     *
     * @throws GatewayFailure to end the body, both sides of it
     */
    ByteBuf next(ByteBuf buffer);

    /** What follows after the last buffer, or null. */
    default @Nullable ByteBuf last() {
      return null;
    }

    /** Lets go of what the step holds. */
    default void close() {}
  }

  /**
   * @param source owned by this body
   * @param length of what comes out in bytes, -1 where it is not known
   * @param steps makes the step when the body is subscribed to
   */
  public SteppedBody(Body source, long length, EventLoop loop, Supplier<? extends Step> steps) {
    this.source = source;
    this.length = length;
    this.loop = loop;
    this.steps = steps;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean available() {
    return source.available();
  }

  @Override
  public HttpHeaders trailers() {
    return source.trailers();
  }

  @Override
  public void discard() {
    source.discard();
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuf> subscriber) {
    source.subscribe(new Through(subscriber, steps.get()));
  }

  private final class Through implements Subscriber<ByteBuf>, Subscription {
    private final Subscriber<? super ByteBuf> receiver;
    private final Step step;
    private @Nullable Subscription upstream;
    private @Nullable ByteBuf before;
    private @Nullable ByteBuf after;
    private long demand;
    private boolean asked;
    private boolean resting;
    private boolean sourceEnded;
    private boolean lastTaken;
    private boolean draining;
    private boolean over;

    Through(Subscriber<? super ByteBuf> receiver, Step step) {
      this.receiver = receiver;
      this.step = step;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      upstream = subscription;
      receiver.onSubscribe(this);
    }

    @Override
    public void onNext(ByteBuf buffer) {
      if (over) {
        buffer.release();
        return;
      }
      asked = false;
      before = buffer;
      drain();
    }

    @Override
    public void onComplete() {
      sourceEnded = true;
      drain();
    }

    @Override
    public void onError(Throwable error) {
      if (!over) {
        end();
        receiver.onError(error);
      }
    }

    @Override
    public void request(long n) {
      demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      drain();
    }

    @Override
    public void cancel() {
      if (!over) {
        end();
        cancelSource();
      }
    }

    // Both neighbours answer from within a call: the flag turns that recursion into a loop.
    private void drain() {
      if (draining) {
        return;
      }
      draining = true;
      boolean moved = true;
      while (moved && !over) {
        moved = advance();
      }
      draining = false;
    }

    /** Does the one thing that is next; false where that has to wait. */
    private boolean advance() {
      ByteBuf ready = after;
      if (ready != null) {
        return demand > 0 && emit(ready);
      }
      ByteBuf waiting = before;
      if (waiting != null) {
        return demand > 0 && !resting && pass(waiting);
      }
      if (!sourceEnded) {
        return demand > 0 && !asked && ask();
      }
      return lastTaken ? complete() : takeLast();
    }

    private boolean emit(ByteBuf ready) {
      after = null;
      demand--;
      receiver.onNext(ready);
      return true;
    }

    private boolean pass(ByteBuf buffer) {
      ByteBuf piece = buffer;
      if (buffer.readableBytes() > PIECE) {
        piece = buffer.readRetainedSlice(PIECE);
        resting = true;
        loop.execute(this::rested);
      } else {
        before = null;
      }
      try {
        after = readable(step.next(piece));
      } catch (RuntimeException e) {
        fail(e);
      }
      return true;
    }

    private void rested() {
      resting = false;
      drain();
    }

    private boolean ask() {
      asked = true;
      if (upstream != null) {
        upstream.request(1);
      }
      return true;
    }

    private boolean takeLast() {
      lastTaken = true;
      try {
        ByteBuf last = step.last();
        after = last == null ? null : readable(last);
      } catch (RuntimeException e) {
        fail(e);
      }
      return true;
    }

    private boolean complete() {
      end();
      receiver.onComplete();
      return false;
    }

    private void fail(RuntimeException error) {
      end();
      cancelSource();
      receiver.onError(error);
    }

    private void cancelSource() {
      if (upstream != null && !sourceEnded) {
        upstream.cancel();
      }
    }

    private void end() {
      over = true;
      release(before);
      release(after);
      before = null;
      after = null;
      step.close();
    }

    private static @Nullable ByteBuf readable(ByteBuf buffer) {
      if (buffer.isReadable()) {
        return buffer;
      }
      buffer.release();
      return null;
    }

    private static void release(@Nullable ByteBuf held) {
      if (held != null) {
        held.release();
      }
    }
  }
}
