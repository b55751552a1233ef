package dev.headgate.upstream;

import dev.headgate.exchange.Body;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Pumps a request's body to the service, one buffer ahead of what the service takes. A body that
 * fails ends the attempt: the service must not take what it got for the whole.
 */
final class RequestBodyWriter implements Subscriber<ByteBuf> {
  private final Body body;
  private final Carrier carrier;
  private final Owner owner;
  private @Nullable Subscription subscription;
  private boolean asked;
  private boolean done;
  private long written;

  /** Who is told how the sending ended. */
  interface Owner {
    void requestSent();

    void requestFailed(Throwable error);
  }

  RequestBodyWriter(Body body, Carrier carrier, Owner owner) {
    this.body = body;
    this.carrier = carrier;
    this.owner = owner;
  }

  void start() {
    body.subscribe(this);
  }

  /** Bytes handed to the carrier. */
  long written() {
    return written;
  }

  /** Whether the service is what this waits for. */
  boolean blocked() {
    return !done && !carrier.writable();
  }

  /** Stops sending; what was sent is no whole request. */
  void cancel() {
    if (!done) {
      done = true;
      if (subscription != null) {
        subscription.cancel();
      }
    }
  }

  void askMore() {
    if (!done && !asked && subscription != null && carrier.writable()) {
      asked = true;
      subscription.request(1);
    }
  }

  @Override
  public void onSubscribe(Subscription upstream) {
    subscription = upstream;
    askMore();
  }

  @Override
  public void onNext(ByteBuf buffer) {
    asked = false;
    if (done) {
      buffer.release();
      return;
    }
    written += buffer.readableBytes();
    carrier.send(buffer);
    askMore();
  }

  @Override
  public void onComplete() {
    if (!done) {
      done = true;
      carrier.sendEnd(Trailers.cleaned(body.trailers()));
      owner.requestSent();
    }
  }

  @Override
  public void onError(Throwable error) {
    if (!done) {
      done = true;
      owner.requestFailed(error);
    }
  }
}
