package dev.headgate.policy.retry;

import dev.headgate.exchange.Body;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A request's body that more than one try can read, one after the other. The first reads it as it
 * arrives, while its beginning is copied aside; each further one reads the copy, and then goes on
 * with what still arrives. As soon as the body is longer than what is to be kept, the copy is let
 * go and the rest streams through: from then on there is no other try.
 *
 * <p><b>Ownership.</b> Each buffer of the source is passed on as it is; the copy is this body's
 * until {@link #close()}, {@link #discard()} or the moment at which it is of no more use. A reader
 * that cancels does not cancel the source, which only rests; {@code close} does where none reads.
 *
 * <p>Confined to the exchange's event loop.
 */
final class ReplayBody implements Body {
  private final Body source;
  private final KeptBytes kept;
  private final Arrival arrival = new Arrival();
  private @Nullable Reader reader;
  private @Nullable Subscription arriving;
  // Came when nobody read, and did not fit: the next reader's, and then there is no other.
  private @Nullable ByteBuf held;
  private boolean subscribed;
  private boolean asked;
  private boolean ended;
  private @Nullable Throwable error;
  // A reader got what was not kept.
  private boolean lost;
  private boolean closed;
  private boolean draining;

  /**
   * @param source owned by this body
   * @param most bytes to keep; 0 keeps none, so that only a body nobody got anything of is repeated
   */
  ReplayBody(Body source, long most) {
    this.source = source;
    this.kept = new KeptBytes(most);
  }

  @Override
  public long length() {
    return source.length();
  }

  /** Also while one reads: the next one takes its place once it has cancelled. */
  @Override
  public boolean available() {
    return !lost && !closed && error == null && (subscribed || source.available());
  }

  /** In as far as it is kept. */
  @Override
  public boolean replayable() {
    return true;
  }

  @Override
  public HttpHeaders trailers() {
    return source.trailers();
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuf> subscriber) {
    if (lost || closed || reader != null) {
      throw new IllegalStateException("this body has been consumed");
    }
    Reader next = new Reader(subscriber);
    reader = next;
    subscriber.onSubscribe(next);
    if (!subscribed) {
      subscribed = true;
      source.subscribe(arrival);
    }
    drain();
  }

  /** There will be no other try; one that reads goes on. */
  void close() {
    closed = true;
    if (subscribed && reader == null) {
      shut();
    }
  }

  @Override
  public void discard() {
    closed = true;
    if (reader == null) {
      shut();
    }
  }

  private void shut() {
    letGo();
    if (arriving != null && !ended) {
      ended = true;
      arriving.cancel();
    }
    source.discard();
  }

  private void letGo() {
    kept.release();
    ByteBuf waiting = held;
    held = null;
    if (waiting != null) {
      waiting.release();
    }
  }

  private void readerGone(Reader gone) {
    gone.over = true;
    if (reader == gone) {
      reader = null;
      if (closed || lost) {
        shut();
      }
    }
  }

  // One thread, but readers ask for more from within onNext, and a source may answer at once: the
  // flag turns that recursion into the loop it came from.
  private void drain() {
    if (draining) {
      return;
    }
    draining = true;
    boolean more = true;
    while (more) {
      Reader to = reader;
      more = to != null && step(to);
    }
    draining = false;
  }

  private boolean step(Reader to) {
    if (to.demand > 0) {
      ByteBuf next = kept.next(to.position);
      if (next == null && held != null) {
        next = held;
        held = null;
        nothingKept();
      }
      if (next != null) {
        to.demand--;
        to.subscriber.onNext(next);
        return true;
      }
    }
    if (ended && held == null && kept.atEnd(to.position)) {
      finish(to);
      return false;
    }
    Subscription from = arriving;
    if (to.demand > 0 && !asked && !ended && from != null) {
      asked = true;
      from.request(1);
      return !asked || ended;
    }
    return false;
  }

  private void nothingKept() {
    lost = true;
    kept.release();
    Reader now = reader;
    if (now != null) {
      now.position = new KeptBytes.Position();
    }
  }

  private void finish(Reader to) {
    to.over = true;
    reader = null;
    Throwable failure = error;
    if (failure != null) {
      letGo();
      to.subscriber.onError(failure);
    } else {
      to.subscriber.onComplete();
      if (closed && reader == null) {
        letGo();
      }
    }
  }

  private void arrived(ByteBuf buffer) {
    asked = false;
    Reader to = reader;
    boolean next = to != null && to.demand > 0 && held == null && kept.atEnd(to.position);
    boolean copied = !lost && !closed && kept.keep(buffer);
    if (to != null && next) {
      if (copied) {
        kept.toEnd(to.position);
      } else {
        nothingKept();
      }
      to.demand--;
      to.subscriber.onNext(buffer);
    } else if (copied) {
      buffer.release();
    } else {
      held = buffer;
    }
    drain();
  }

  private final class Arrival implements Subscriber<ByteBuf> {
    @Override
    public void onSubscribe(Subscription subscription) {
      arriving = subscription;
      drain();
    }

    @Override
    public void onNext(ByteBuf buffer) {
      if (ended) {
        buffer.release();
      } else {
        arrived(buffer);
      }
    }

    @Override
    public void onComplete() {
      ended = true;
      drain();
    }

    @Override
    public void onError(Throwable failure) {
      error = failure;
      ended = true;
      letGo();
      Reader to = reader;
      if (to != null) {
        to.position = new KeptBytes.Position();
      }
      drain();
    }
  }

  private final class Reader implements Subscription {
    private final Subscriber<? super ByteBuf> subscriber;
    private KeptBytes.Position position = new KeptBytes.Position();
    private long demand;
    private boolean over;

    Reader(Subscriber<? super ByteBuf> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      if (!over) {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        drain();
      }
    }

    @Override
    public void cancel() {
      if (!over) {
        readerGone(this);
      }
    }
  }
}
