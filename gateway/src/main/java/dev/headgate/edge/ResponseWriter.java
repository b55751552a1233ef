package dev.headgate.edge;

import dev.headgate.exchange.Body;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Pumps a response's body to the client, one buffer ahead of what the client takes, and flushes
 * each as it arrives: an event stream must not wait for a buffer to fill.
 */
final class ResponseWriter implements Subscriber<ByteBuf> {
  private final ChannelHandlerContext ctx;
  private final Body body;
  private final boolean chunked;
  private final Owner owner;
  private @Nullable Subscription subscription;
  private boolean asked;
  private boolean done;
  private long written;

  /** Who is told how the body ended. */
  interface Owner {
    /** All is there to be sent; {@code last} ends the message. */
    void bodyComplete(LastHttpContent last);

    void bodyFailed(Throwable error);
  }

  ResponseWriter(ChannelHandlerContext ctx, Body body, boolean chunked, Owner owner) {
    this.ctx = ctx;
    this.body = body;
    this.chunked = chunked;
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
    if (!done && !asked && subscription != null && ctx.channel().isWritable()) {
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
    ctx.writeAndFlush(new DefaultHttpContent(buffer), ctx.voidPromise());
    askMore();
  }

  @Override
  public void onComplete() {
    if (!done) {
      done = true;
      owner.bodyComplete(last());
    }
  }

  @Override
  public void onError(Throwable error) {
    if (!done) {
      done = true;
      owner.bodyFailed(error);
    }
  }

  // A trailer section exists in chunked framing only (RFC 9112 section 7.1.2).
  private LastHttpContent last() {
    HttpHeaders trailers = body.trailers();
    if (trailers.isEmpty() || !chunked) {
      return LastHttpContent.EMPTY_LAST_CONTENT;
    }
    LastHttpContent last = new DefaultLastHttpContent();
    last.trailingHeaders().add(trailers);
    return last;
  }
}
