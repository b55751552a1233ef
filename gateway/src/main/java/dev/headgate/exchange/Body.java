package dev.headgate.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/**
 * The body of a message: a stream of buffers that can be subscribed to once, on the exchange's
 * event loop; more often only as long as it says that it is {@linkplain #available available}.
 *
 * <p><b>Ownership.</b> A buffer belongs to the subscriber from {@code onNext} on, who releases it.
 * Whoever drops a message without subscribing to its body calls {@link #discard()}. After a
 * cancellation the body releases what it still holds.
 *
 * <p><b>End.</b> {@code onComplete} means that the message was received whole, by its framing. An
 * incomplete one ends in {@code onError}, so that what was passed on can never look complete.
 */
public interface Body extends Publisher<ByteBuf> {
  /** No body at all. */
  Body EMPTY =
      new Body() {
        @Override
        public long length() {
          return 0;
        }

        @Override
        public boolean available() {
          return true;
        }

        @Override
        public void subscribe(Subscriber<? super ByteBuf> subscriber) {
          NoSubscription.complete(subscriber);
        }

        @Override
        public boolean replayable() {
          return true;
        }

        @Override
        public void discard() {}
      };

  /** The length in bytes where the framing told it, else -1. */
  long length();

  /** Whether whoever subscribes now would get it from its beginning. */
  boolean available();

  /** Whether it stays available however often it is subscribed to, until it is discarded. */
  default boolean replayable() {
    return false;
  }

  /** The trailer section (RFC 9110 section 6.5); empty until the body has completed. */
  default HttpHeaders trailers() {
    return EmptyHttpHeaders.INSTANCE;
  }

  /** Releases what is held when nobody is going to subscribe; a second call does nothing. */
  void discard();
}
