package dev.headgate.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.reactivestreams.Subscriber;

/**
 * A body that is here whole and can be read as often as wanted. It owns its buffer until it is
 * discarded; whoever reads gets references of its own, which outlive that.
 */
public final class KeptBody implements Body {
  private final ByteBuf content;
  private final HttpHeaders trailers;
  private boolean discarded;

  /**
   * @param content owned from here on
   */
  public KeptBody(ByteBuf content, HttpHeaders trailers) {
    this.content = content;
    this.trailers = trailers;
  }

  /** The same bytes, with an owner of its own. */
  public KeptBody share() {
    return new KeptBody(copy(), trailers);
  }

  /**
   * The bytes, the caller's from here on; they are shared, so not to be written to.
   *
   * @throws IllegalStateException when they have been let go
   */
  public ByteBuf copy() {
    if (discarded) {
      throw new IllegalStateException("this body has been discarded");
    }
    return content.retainedDuplicate();
  }

  /** None told with trailers: a length would leave them no place (RFC 9112 section 6.2). */
  @Override
  public long length() {
    return trailers.isEmpty() ? content.readableBytes() : -1;
  }

  @Override
  public boolean available() {
    return !discarded;
  }

  @Override
  public boolean replayable() {
    return true;
  }

  @Override
  public HttpHeaders trailers() {
    return trailers;
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuf> subscriber) {
    if (discarded) {
      NoSubscription.fail(subscriber, new IllegalStateException("this body has been discarded"));
    } else {
      new FullBody(copy()).subscribe(subscriber);
    }
  }

  @Override
  public void discard() {
    if (!discarded) {
      discarded = true;
      content.release();
    }
  }
}
