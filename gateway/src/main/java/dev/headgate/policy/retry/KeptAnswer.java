package dev.headgate.policy.retry;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Try;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A service's answer that is worth another try, and is still the last real one if that gives none.
 * As long as no other try was decided on it is left as it is. Then its body is read aside, up to
 * {@link #MOST} bytes, while the backoff runs: a small one is kept and frees its connection for the
 * next request; one that is larger, or not here by the time of the next try, is given up, and its
 * connection with it, so that it holds no permit and no connection beside that try.
 *
 * <p>It owns the response until it is taken or discarded.
 */
final class KeptAnswer implements Subscriber<ByteBuf> {
  /** Bytes of a body that is kept. */
  static final int MOST = 64 * 1024;

  private final Try one;
  private final GatewayResponse response;
  private State state = State.UNREAD;
  private @Nullable Subscription reading;
  private @Nullable ByteBuf content;

  private enum State {
    UNREAD,
    READING,
    WHOLE,
    GONE
  }

  KeptAnswer(Try one, GatewayResponse response) {
    this.one = one;
    this.response = response;
  }

  /** Whose answer it is. */
  Try one() {
    return one;
  }

  /** Begins to read the body aside, unless it is here already. */
  void collect() {
    Body body = response.body();
    if (state != State.UNREAD || body == Body.EMPTY || body instanceof FullBody) {
      return;
    }
    if (body.length() > MOST) {
      discard();
    } else {
      state = State.READING;
      body.subscribe(this);
    }
  }

  /** The time for reading is over. */
  void settle() {
    if (state == State.READING) {
      giveUp();
    }
  }

  /** Hands the answer over; null where it was given up. */
  @Nullable GatewayResponse take() {
    settle();
    State was = state;
    state = State.GONE;
    return switch (was) {
      case UNREAD -> response;
      case WHOLE -> new GatewayResponse(response.status(), response.headers(), whole());
      default -> null;
    };
  }

  private Body whole() {
    ByteBuf all = content;
    content = null;
    HttpHeaders trailers = response.body().trailers();
    if (all == null) {
      return trailers.isEmpty() ? Body.EMPTY : new FullBody(Unpooled.EMPTY_BUFFER, trailers);
    }
    return new FullBody(all, trailers);
  }

  void discard() {
    if (state == State.UNREAD) {
      state = State.GONE;
      response.discard();
    } else if (state != State.GONE) {
      giveUp();
    }
  }

  private void giveUp() {
    boolean running = state == State.READING;
    state = State.GONE;
    ByteBuf so = content;
    content = null;
    if (so != null) {
      so.release();
    }
    if (running && reading != null) {
      reading.cancel();
    }
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    reading = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(ByteBuf buffer) {
    if (state != State.READING) {
      buffer.release();
      return;
    }
    ByteBuf all = content;
    if (all == null) {
      all = buffer.alloc().buffer(Math.min(MOST, buffer.readableBytes()), MOST);
      content = all;
    }
    boolean fits = buffer.readableBytes() <= MOST - all.readableBytes();
    if (fits) {
      all.writeBytes(buffer);
    }
    buffer.release();
    if (!fits) {
      giveUp();
    }
  }

  @Override
  public void onComplete() {
    if (state == State.READING) {
      state = State.WHOLE;
    }
  }

  @Override
  public void onError(Throwable cutOff) {
    if (state == State.READING) {
      reading = null;
      giveUp();
    }
  }
}
