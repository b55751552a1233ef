package dev.headgate.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A body that says when it is over, however it ends: once. */
public final class EndedBody implements Body {
  private final Body source;
  private final Runnable ended;

  /**
   * @param source owned by this body
   */
  public EndedBody(Body source, Runnable ended) {
    this.source = source;
    this.ended = ended;
  }

  @Override
  public long length() {
    return source.length();
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
    ended.run();
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuf> subscriber) {
    source.subscribe(new Through(subscriber));
  }

  private final class Through implements Subscriber<ByteBuf>, Subscription {
    private final Subscriber<? super ByteBuf> to;
    private @Nullable Subscription from;

    Through(Subscriber<? super ByteBuf> to) {
      this.to = to;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      from = subscription;
      to.onSubscribe(this);
    }

    @Override
    public void onNext(ByteBuf buffer) {
      to.onNext(buffer);
    }

    @Override
    public void onComplete() {
      ended.run();
      to.onComplete();
    }

    @Override
    public void onError(Throwable error) {
      ended.run();
      to.onError(error);
    }

    @Override
    public void request(long n) {
      if (from != null) {
        from.request(n);
      }
    }

    @Override
    public void cancel() {
      if (from != null) {
        from.cancel();
      }
      ended.run();
    }
  }
}
