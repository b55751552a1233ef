package dev.headgate.policy.cache;

import dev.headgate.exchange.Body;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** The content of an answer, on its way from the service into what {@linkplain Growing grows}. */
final class Arrival implements Subscriber<ByteBuf> {
  private final Body source;
  private final Growing content;
  private final Keeper keeper;
  private @Nullable Subscription subscription;
  private boolean asked;
  private boolean asking;
  private boolean over;

  /** Who keeps what has come. */
  interface Keeper {
    /** All that was announced is here, and the last of it has not been passed on. */
    void whole();

    /** It is more than can be kept; said for all that comes after that. */
    void unkept();

    /** It has ended in order. */
    void complete();

    /** It has ended before its end. */
    void failed(Throwable error);

    /** It is not kept, and nobody reads it. */
    void unwanted();
  }

  Arrival(Body source, Growing content, Keeper keeper) {
    this.source = source;
    this.content = content;
    this.keeper = keeper;
  }

  void begin() {
    source.subscribe(this);
  }

  @Override
  public void onSubscribe(Subscription told) {
    subscription = told;
    askForMore();
  }

  @Override
  public void onNext(ByteBuf buffer) {
    asked = false;
    if (over) {
      buffer.release();
    } else {
      if (!content.append(buffer, keeper::whole)) {
        keeper.unkept();
      }
      askForMore();
    }
  }

  /** Readers have taken something. A body that is here already answers from within the call. */
  void askForMore() {
    Subscription from = subscription;
    if (asking || from == null) {
      return;
    }
    asking = true;
    while (!over && !asked && content.wantsMore()) {
      if (content.isUnwanted()) {
        over = true;
        from.cancel();
        keeper.unwanted();
      } else {
        asked = true;
        from.request(1);
      }
    }
    asking = false;
  }

  @Override
  public void onComplete() {
    if (!over) {
      over = true;
      keeper.complete();
    }
  }

  @Override
  public void onError(Throwable error) {
    if (!over) {
      over = true;
      keeper.failed(error);
    }
  }

  /** Ends it from this side. */
  void abort(Throwable failure) {
    if (subscription != null) {
      subscription.cancel();
    }
    onError(failure);
  }
}
