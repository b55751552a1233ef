package dev.headgate.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A body as it arrives on a connection. It holds at most what one turn of reading brought; the
 * connection is read on only when the subscriber has taken that and asks for more.
 *
 * <p>The feeding side calls {@link #offer}, then {@link #complete} or {@link #fail} once.
 */
public final class StreamedBody implements Body, Subscription {
  private final long length;
  private final Source source;
  private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(4);
  private @Nullable Subscriber<? super ByteBuf> subscriber;
  private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
  private long demand;
  private boolean draining;
  private boolean ended;
  private @Nullable Throwable error;
  private boolean closed;

  /** Where the bytes come from. */
  public interface Source {
    /** The subscriber wants more than is here. */
    void readMore();

    /** Nobody wants the rest. */
    void bodyCancelled();
  }

  /**
   * @param length in bytes where the framing tells it, else -1
   */
  public StreamedBody(long length, Source source) {
    this.length = length;
    this.source = source;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean available() {
    return subscriber == null && !closed;
  }

  @Override
  public HttpHeaders trailers() {
    return trailers;
  }

  /** Whether the subscriber waits for the connection. */
  public boolean waiting() {
    return !ended && !closed && demand > 0 && held.isEmpty();
  }

  /** Whether it holds one buffer at most, so that {@link #takeOnly} gives all there is. */
  public boolean holdsAtMostOne() {
    return held.size() <= 1;
  }

  /** The only buffer, or null where there is none; the body is spent with it. */
  public @Nullable ByteBuf takeOnly() {
    closed = true;
    return held.poll();
  }

  /** One more buffer, the body's from here on. */
  public void offer(ByteBuf buffer) {
    if (closed) {
      buffer.release();
      return;
    }
    held.add(buffer);
    drain();
  }

  /** The message has been received whole. */
  public void complete(HttpHeaders trailing) {
    trailers = trailing;
    ended = true;
    drain();
  }

  /** The rest will not come. */
  public void fail(Throwable cause) {
    error = cause;
    ended = true;
    drain();
  }

  /** Ends it at once for whoever reads it: what is held is released and not passed on. */
  public void abort(Throwable cause) {
    if (closed) {
      return;
    }
    closed = true;
    ended = true;
    error = cause;
    releaseHeld();
    if (subscriber != null) {
      subscriber.onError(cause);
    }
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuf> wanted) {
    if (subscriber != null || closed) {
      throw new IllegalStateException("this body has been consumed");
    }
    subscriber = wanted;
    wanted.onSubscribe(this);
    drain();
  }

  @Override
  public void discard() {
    if (subscriber == null) {
      cancel();
    }
  }

  @Override
  public void request(long n) {
    demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
    drain();
  }

  @Override
  public void cancel() {
    if (closed) {
      return;
    }
    closed = true;
    releaseHeld();
    if (!ended) {
      source.bodyCancelled();
    }
  }

  private void releaseHeld() {
    ByteBuf buffer;
    while ((buffer = held.poll()) != null) {
      buffer.release();
    }
  }

  // One thread, but a subscriber asks for more from within onNext: the flag turns that recursion
  // into the loop it came from.
  private void drain() {
    Subscriber<? super ByteBuf> receiver = subscriber;
    if (receiver == null || draining || closed) {
      return;
    }
    draining = true;
    while (demand > 0 && !closed) {
      ByteBuf next = held.poll();
      if (next == null) {
        break;
      }
      demand--;
      receiver.onNext(next);
    }
    draining = false;
    if (closed) {
      return;
    }
    if (held.isEmpty() && ended) {
      closed = true;
      finish(receiver);
    } else if (held.isEmpty() && demand > 0) {
      source.readMore();
    }
  }

  private void finish(Subscriber<? super ByteBuf> receiver) {
    if (error == null) {
      receiver.onComplete();
    } else {
      receiver.onError(error);
    }
  }
}
