package dev.headgate.upstream;

import dev.headgate.exchange.Body;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Pumps a request's body into the connection, one buffer ahead of what the service takes. A body
 * that fails ends the connection: the service must not take what it got for the whole.
 */
final class RequestBodyWriter implements Subscriber<ByteBuf> {
  private final Body body;
  private final Channel channel;
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

  RequestBodyWriter(Body body, Channel channel, Owner owner) {
    this.body = body;
    this.channel = channel;
    this.owner = owner;
  }

  void start() {
    body.subscribe(this);
  }

  /** Bytes handed to the connection. */
  long written() {
    return written;
  }

  /** Whether the service is what this waits for. */
  boolean blocked() {
    return !done && !channel.isWritable();
  }

  /** Stops sending; the connection cannot be used again. */
  void cancel() {
    if (!done) {
      done = true;
      if (subscription != null) {
        subscription.cancel();
      }
    }
  }

  void askMore() {
    if (!done && !asked && subscription != null && channel.isWritable()) {
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
    channel.writeAndFlush(new DefaultHttpContent(buffer), channel.voidPromise());
    askMore();
  }

  @Override
  public void onComplete() {
    if (done) {
      return;
    }
    done = true;
    HttpHeaders trailers = body.trailers();
    channel.writeAndFlush(last(trailers), channel.voidPromise());
    owner.requestSent();
  }

  @Override
  public void onError(Throwable error) {
    if (!done) {
      done = true;
      owner.requestFailed(error);
    }
  }

  private static LastHttpContent last(HttpHeaders trailers) {
    if (trailers.isEmpty()) {
      return LastHttpContent.EMPTY_LAST_CONTENT;
    }
    LastHttpContent last = new DefaultLastHttpContent();
    last.trailingHeaders().add(trailers);
    return last;
  }
}
