package dev.headgate.edge;

import dev.headgate.exchange.Body;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Pumps a response's body to the client, one buffer ahead of what the client takes, and flushes
 * each as it arrives: an event stream must not wait for a buffer to fill.
 */
final class ResponseWriter implements Subscriber<ByteBuf> {
  private final ClientStream client;
  private final Body body;
  private final Owner owner;
  private @Nullable Subscription subscription;
  private boolean asked;
  private boolean done;
  private long written;

  /** Who is told how the body ended. */
  interface Owner {
    /** All is there to be sent; what ends the message is still to be written. */
    void bodyComplete(HttpHeaders trailers);

    void bodyFailed(Throwable error);
  }

  ResponseWriter(ClientStream client, Body body, Owner owner) {
    this.client = client;
    this.body = body;
    this.owner = owner;
  }

  void start() {
    body.subscribe(this);
  }

  /** Bytes handed to the connection. */
  long written() {
    return written;
  }

  void cancel() {
    if (!done) {
      done = true;
      if (subscription != null) {
        subscription.cancel();
      }
    }
  }

  void askMore() {
    if (!done && !asked && subscription != null && client.writable()) {
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
    client.data(buffer);
    askMore();
  }

  @Override
  public void onComplete() {
    if (!done) {
      done = true;
      owner.bodyComplete(body.trailers());
    }
  }

  @Override
  public void onError(Throwable error) {
    if (!done) {
      done = true;
      owner.bodyFailed(error);
    }
  }
}
