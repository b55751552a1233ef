package dev.headgate.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A body that is already here whole. It owns its buffer until it is {@linkplain #take() taken},
 * subscribed to or discarded.
 */
public final class FullBody implements Body {
  private @Nullable ByteBuf content;
  private final int length;
  private final HttpHeaders trailers;

  public FullBody(ByteBuf content) {
    this(content, EmptyHttpHeaders.INSTANCE);
  }

  public FullBody(ByteBuf content, HttpHeaders trailers) {
    this.content = content;
    this.length = content.readableBytes();
    this.trailers = trailers;
  }

  /** A text in UTF-8, on the heap. */
  public static FullBody ofText(String text) {
    return new FullBody(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** None told with trailers: a length would leave them no place (RFC 9112 section 6.2). */
  @Override
  public long length() {
    return trailers.isEmpty() ? length : -1;
  }

  @Override
  public boolean available() {
    return content != null;
  }

  @Override
  public HttpHeaders trailers() {
    return trailers;
  }

  /**
   * Hands the buffer over, and with it the duty to release it.
   *
   * @throws IllegalStateException when it has gone already
   */
  public ByteBuf take() {
    ByteBuf taken = content;
    if (taken == null) {
      throw new IllegalStateException("this body has been consumed");
    }
    content = null;
    return taken;
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuf> subscriber) {
    if (content == null) {
      NoSubscription.fail(subscriber, new IllegalStateException("this body has been consumed"));
    } else if (length == 0) {
      discard();
      NoSubscription.complete(subscriber);
    } else {
      subscriber.onSubscribe(new Once(subscriber));
    }
  }

  @Override
  public void discard() {
    ByteBuf held = content;
    content = null;
    if (held != null) {
      held.release();
    }
  }

  private final class Once implements Subscription {
    private final Subscriber<? super ByteBuf> subscriber;

    Once(Subscriber<? super ByteBuf> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      ByteBuf next = content;
      if (next != null) {
        content = null;
        subscriber.onNext(next);
        subscriber.onComplete();
      }
    }

    @Override
    public void cancel() {
      discard();
    }
  }
}
