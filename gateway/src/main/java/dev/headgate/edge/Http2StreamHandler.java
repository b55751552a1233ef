package dev.headgate.edge;

import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.StreamedBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 stream: one request and its response (RFC 9113 section 8.1). It stands first in the
 * stream's pipeline, ahead of what Reactor Netty put there for Spring, and works on frames: what is
 * not ours is passed on as it came.
 *
 * <p>A stream is read one frame at a time, when the body's consumer asks for more; Netty gives the
 * window back as frames are taken, so a slow consumer slows the client and nobody else.
 */
final class Http2StreamHandler extends ChannelInboundHandlerAdapter
    implements ClientStream, StreamedBody.Source {
  /** A request body of at most this is read to its end when nobody wants it. */
  private static final long MAX_DRAINED = 64 * 1024;

  private static final long DRAIN_MILLIS = 1_000;

  private final Http2ClientConnection connection;
  private @Nullable ChannelHandlerContext context;
  private @Nullable EdgeExchange ours;
  private @Nullable ChannelPromise lastWrite;
  private boolean stock;
  private boolean requestSeen;
  private boolean requestComplete;
  private boolean responseComplete;
  private boolean tunnel;
  private boolean over;
  private long contentLength = Http2RequestHead.NO_LENGTH;
  private long received;
  private long drained;
  private long handedOver;
  private long left;

  Http2StreamHandler(Http2ClientConnection connection) {
    this.connection = connection;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    ctx.channel().config().setAutoRead(false);
  }

  // ---- what comes in

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (stock) {
      ctx.fireChannelRead(message);
      return;
    }
    if (over) {
      ReferenceCountUtil.release(message);
      return;
    }
    try {
      take(ctx, message);
    } catch (Http2RequestHead.Malformed malformed) {
      ReferenceCountUtil.safeRelease(message);
      malformed(malformed);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (over && !stock) {
      ctx.read();
    }
    ctx.fireChannelReadComplete();
  }

  // Netty keeps the frames that nobody has asked for, and the stream with them, until they have
  // been read.
  private void readToTheEnd() {
    over = true;
    ctx().read();
  }

  private void take(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Http2HeadersFrame headers) {
      if (requestSeen) {
        trailers(headers);
      } else {
        begin(ctx, headers);
      }
    } else if (message instanceof Http2DataFrame data) {
      data(data);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
    requestSeen = true;
    HttpRequest head = Http2RequestHead.read(frame.headers());
    contentLength = Http2RequestHead.contentLength(head);
    requestComplete = frame.isEndStream();
    if (requestComplete && contentLength > 0) {
      throw new Http2RequestHead.Malformed("content-length without content");
    }
    connection.begun(this);
    Dispatch.Running next =
        connection.dispatch().decide(head, requestComplete ? 0 : contentLength, this, this);
    if (next instanceof StockExchange spring) {
      stock = true;
      connection.ended(ctx(), this);
      Http2StockTap.start(ctx, spring);
      ctx.fireChannelRead(frame);
    } else if (next instanceof EdgeExchange exchange) {
      ours = exchange;
      exchange.start();
      if (requestComplete) {
        exchange.requestComplete(EmptyHttpHeaders.INSTANCE);
      }
    }
  }

  private void data(Http2DataFrame frame) {
    ByteBuf content = frame.content();
    received += content.readableBytes();
    boolean last = frame.isEndStream();
    boolean longer = contentLength != Http2RequestHead.NO_LENGTH && received > contentLength;
    boolean shorter =
        last && contentLength != Http2RequestHead.NO_LENGTH && received < contentLength;
    if (longer || shorter) {
      throw new Http2RequestHead.Malformed("content-length differs from the content's");
    }
    requestComplete = last;
    EdgeExchange running = ours;
    if (responseComplete || running == null) {
      int bytes = content.readableBytes();
      content.release();
      drain(bytes);
      return;
    }
    boolean empty = !content.isReadable();
    running.received(content);
    if (last) {
      running.requestComplete(EmptyHttpHeaders.INSTANCE);
    } else if (empty) {
      // Nothing came of it, so nobody is going to ask for the next one.
      readMore();
    }
  }

  private void trailers(Http2HeadersFrame frame) {
    if (!frame.isEndStream()) {
      throw new Http2RequestHead.Malformed("a second header section that does not end the stream");
    }
    if (contentLength != Http2RequestHead.NO_LENGTH && received != contentLength) {
      throw new Http2RequestHead.Malformed("content-length differs from the content's");
    }
    HttpHeaders trailers = Http2RequestHead.trailers(frame.headers());
    requestComplete = true;
    if (ours != null) {
      ours.requestComplete(trailers);
    }
  }

  private void malformed(Http2RequestHead.Malformed cause) {
    EdgeExchange running = ours;
    reset(Http2Error.PROTOCOL_ERROR);
    if (running != null) {
      running.requestBroken(cause);
      running.clientGone();
    }
  }

  @Override
  public void readMore() {
    ctx().read();
  }

  // What nobody wants is not read: the stream is reset when the answer is out.
  @Override
  public void bodyCancelled() {}

  // ---- what goes out

  @Override
  public void interim(HttpResponseStatus status, HttpHeaders headers) {
    ctx().writeAndFlush(new DefaultHttp2HeadersFrame(Http2Fields.response(status, headers)));
  }

  @Override
  public Future<?> whole(GatewayResponse response, ByteBuf content, boolean mayHaveContent) {
    Http2Fields.tellLength(response, mayHaveContent);
    boolean empty = !content.isReadable();
    ChannelPromise sent = ctx().newPromise();
    lastWrite = sent;
    DefaultHttp2HeadersFrame head =
        new DefaultHttp2HeadersFrame(
            Http2Fields.response(response.status(), response.headers()), empty);
    if (empty) {
      content.release();
      ctx().writeAndFlush(head, sent);
    } else {
      ctx().write(head);
      counted(content, true, sent);
    }
    return sent;
  }

  @Override
  public void head(GatewayResponse response) {
    Http2Fields.tellLength(response, true);
    ctx()
        .writeAndFlush(
            new DefaultHttp2HeadersFrame(
                Http2Fields.response(response.status(), response.headers())));
  }

  // RFC 8441 section 5: the handshake's proof belongs to HTTP/1.1.
  @Override
  public void tunnel(GatewayResponse response) {
    tunnel = true;
    HttpHeaders headers = response.headers();
    headers.remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
    headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    ctx()
        .writeAndFlush(
            new DefaultHttp2HeadersFrame(Http2Fields.response(HttpResponseStatus.OK, headers)));
  }

  @Override
  public void data(ByteBuf content) {
    counted(content, false, ctx().newPromise());
  }

  private void counted(ByteBuf content, boolean last, ChannelPromise sent) {
    int bytes = content.readableBytes();
    handedOver += bytes;
    sent.addListener(done -> left += bytes);
    ctx().writeAndFlush(new DefaultHttp2DataFrame(content, last), sent);
  }

  @Override
  public Future<?> last(HttpHeaders trailers) {
    ChannelPromise sent = ctx().newPromise();
    lastWrite = sent;
    return ctx()
        .writeAndFlush(
            trailers.isEmpty()
                ? new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true)
                : new DefaultHttp2HeadersFrame(Http2Fields.trailers(trailers), true),
            sent);
  }

  @Override
  public void finished() {
    responseComplete = true;
    if (!requestComplete && lastWrite != null) {
      // Not before the whole answer has left: a reset takes what waits for the client's window.
      lastWrite.addListener(done -> endRequest());
    }
  }

  // A short rest is taken, and thrown away: some clients take a reset for a failure, though the
  // whole answer is out (RFC 9113 section 8.1). What has no known end is not waited for: other
  // clients, curl among them, do not notice a reset that comes much later than the answer.
  private void endRequest() {
    boolean wait =
        tunnel
            || (contentLength != Http2RequestHead.NO_LENGTH
                && contentLength - received <= MAX_DRAINED);
    if (!wait) {
      endDraining();
      return;
    }
    drained = 0;
    ctx().executor().schedule(this::endDraining, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
    readMore();
  }

  private void drain(int bytes) {
    drained += bytes;
    if (requestComplete) {
      return;
    }
    if (drained > MAX_DRAINED) {
      endDraining();
    } else {
      readMore();
    }
  }

  private void endDraining() {
    if (!requestComplete && ctx().channel().isActive()) {
      reset(Http2Error.NO_ERROR);
    }
  }

  @Override
  public void cut() {
    reset(tunnel ? Http2Error.CONNECT_ERROR : Http2Error.INTERNAL_ERROR);
  }

  private void reset(Http2Error error) {
    ctx().writeAndFlush(new DefaultHttp2ResetFrame(error));
    readToTheEnd();
  }

  @Override
  public void requestAbandoned() {}

  @Override
  public boolean writable() {
    return ctx().channel().isWritable();
  }

  @Override
  public long unsent() {
    return handedOver - left;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ours != null) {
      ours.writabilityChanged();
    }
    ctx.fireChannelWritabilityChanged();
  }

  // ---- how it ends

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!stock && event instanceof Http2ResetFrame) {
      gone();
      ReferenceCountUtil.release(event);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (stock) {
      ctx.fireExceptionCaught(cause);
      return;
    }
    gone();
    if (!(cause instanceof Http2Exception)) {
      reset(Http2Error.INTERNAL_ERROR);
    }
    // Else Netty is about to reset the stream, with the error that it found.
  }

  /** The stream is over, or the connection below it. */
  void gone() {
    connection.ended(ctx(), this);
    EdgeExchange running = ours;
    ours = null;
    // A stream that both sides have ended is closed before the last write is reported as done.
    if (running != null && !responseComplete) {
      running.clientGone();
    }
    if (!stock) {
      readToTheEnd();
    }
  }

  private ChannelHandlerContext ctx() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return context;
  }
}
