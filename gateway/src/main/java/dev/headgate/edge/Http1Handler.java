package dev.headgate.edge;

import dev.headgate.exchange.StreamedBody;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 connection: keeps pipelined ones, ours and Spring's, in one order, and governs
 * reading.
 *
 * <p>One exchange runs at a time. What arrives behind it is queued, never more than one turn of
 * reading brings, since nothing more is read while something waits. While an exchange runs whose
 * request is here whole one read is outstanding, so that the client's going away is seen.
 */
final class Http1Handler extends ChannelDuplexHandler
    implements Http1ClientStream.Connection, StreamedBody.Source {
  /** A request body of at most this is read to its end to keep the connection. */
  private static final long MAX_DRAINED = 64 * 1024;

  private final Edge edge;
  private final Dispatch dispatch;
  private final RequestBudget budget;
  private final ArrayDeque<Object> pipelined = new ArrayDeque<>(2);
  private @Nullable ChannelHandlerContext context;
  private @Nullable EdgeExchange ours;
  private @Nullable Http1ClientStream client;
  private @Nullable EdgeExchange tunnel;
  private @Nullable StockExchange stock;
  private @Nullable HttpRequest request;
  private boolean requestComplete = true;
  private boolean keptAlive;
  private boolean closing;
  private boolean advancing;
  private long drained;
  private long idleSinceNanos;
  private @Nullable Future<?> idleCheck;

  Http1Handler(Edge edge, Dispatch dispatch) {
    this.edge = edge;
    this.dispatch = dispatch;
    this.budget = new RequestBudget(edge.limits().maxRequestsPerConnection());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    idleSinceNanos = now(ctx);
    checkIdleIn(ctx, edge.limits().keepAlive().toNanos());
  }

  // ---- what comes in

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (stock != null && stock.tunnel()) {
      ctx.fireChannelRead(message);
    } else if (tunnel != null && message instanceof ByteBuf bytes) {
      tunnel.received(bytes);
    } else if (closing) {
      ReferenceCountUtil.release(message);
      ctx.read();
    } else if (!pipelined.isEmpty() || (message instanceof HttpRequest && !mayBegin(ctx))) {
      pipelined.add(message);
    } else {
      take(ctx, message);
    }
  }

  private boolean running() {
    return ours != null || stock != null;
  }

  // Between the answer and the end of the request's body nobody runs, but no other may begin.
  private boolean busy() {
    return running() || !requestComplete;
  }

  private void take(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest head) {
      begin(ctx, head);
    } else if (message instanceof HttpContent content) {
      continued(ctx, content);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest head) {
    request = head;
    requestComplete = false;
    budget.spend();
    keptAlive = HttpUtil.isKeepAlive(head) && !head.decoderResult().isFailure();
    edge.drain().exchangeBegun();
    Http1ClientStream stream = new Http1ClientStream(ctx, head, this);
    Dispatch.Running next = dispatch.decide(head, length(head), stream, this);
    client = stream;
    if (next instanceof StockExchange spring) {
      stock = spring;
      spring.start(ctx.channel());
      ctx.fireChannelRead(head);
    } else if (next instanceof EdgeExchange exchange) {
      ours = exchange;
      exchange.start();
    }
  }

  private static long length(HttpRequest head) {
    if (head.decoderResult().isFailure()) {
      return 0;
    }
    return HttpUtil.isTransferEncodingChunked(head) ? -1 : HttpUtil.getContentLength(head, 0L);
  }

  private void continued(ChannelHandlerContext ctx, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    requestComplete |= last;
    if (stock != null) {
      stock.received(content.content().readableBytes());
      ctx.fireChannelRead(content);
    } else if (ours != null) {
      EdgeExchange running = ours;
      received(running, content);
      if (last && ours == running) {
        ctx.read();
      }
    } else {
      drained += content.content().readableBytes();
      content.release();
      if (drained > MAX_DRAINED) {
        close(ctx);
      } else if (!last) {
        ctx.read();
      }
    }
    if (last) {
      advance(ctx);
    }
  }

  private void received(EdgeExchange running, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      requestUnreadable();
      running.requestBroken(content.decoderResult().cause());
      return;
    }
    running.received(content.content());
    // The end of a request to switch is not the end of what comes after the switch.
    if (content instanceof LastHttpContent last && running.exchange().upgrade() == null) {
      running.requestComplete(last.trailingHeaders());
    }
  }

  private void requestUnreadable() {
    if (client != null) {
      client.requestAbandoned();
    }
  }

  @Override
  public void readMore() {
    ctx().read();
  }

  // What nobody wants is thrown away as it comes.
  @Override
  public void bodyCancelled() {}

  // ---- what goes out

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    // Ours are written from this handler's own context, so whatever passes here is Spring's.
    StockExchange running = stock;
    if (running != null
        && ending()
        && message instanceof HttpResponse head
        && head.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      HttpUtil.setKeepAlive(head, false);
    }
    if (running == null || running.tunnel() || !running.written(message)) {
      ctx.write(message, promise);
      return;
    }
    ctx.write(message, running.ending(promise));
    stock = null;
    idleSinceNanos = now(ctx);
    if (ending()) {
      close(ctx);
    } else {
      advance(ctx);
    }
  }

  // No further request is to begin on this connection.
  private boolean ending() {
    return edge.drain().draining() || budget.spent();
  }

  @Override
  public boolean mayKeepAlive() {
    return keptAlive && !ending() && (requestComplete || bodyIsShort());
  }

  // A client that waits for 100 Continue will not send its body after a final answer, or will send
  // it at once: nobody can tell which, so that connection is not kept.
  private boolean bodyIsShort() {
    HttpRequest head = request;
    if (head == null || head.headers().contains(HttpHeaderNames.EXPECT)) {
      return false;
    }
    return !HttpUtil.isTransferEncodingChunked(head)
        && HttpUtil.getContentLength(head, 0L) <= MAX_DRAINED;
  }

  @Override
  public void responseWritten(boolean keepAlive) {
    ChannelHandlerContext ctx = ctx();
    ours = null;
    tunnel = null;
    idleSinceNanos = now(ctx);
    // The drain may have begun after the head said that the connection would be kept.
    if (!keepAlive || edge.drain().draining()) {
      close(ctx);
      return;
    }
    if (!requestComplete) {
      drained = 0;
      ctx.read();
    }
    advance(ctx);
  }

  @Override
  public void switchProtocols() {
    ChannelHandlerContext ctx = ctx();
    tunnel = ours;
    if (!pipelined.isEmpty() || tunnel == null) {
      // It spoke before it knew in which protocol (RFC 9110 section 7.8); what it said has been
      // taken for HTTP, and the new protocol would begin in the middle.
      ctx.close();
      return;
    }
    ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    StrictHttp1.remove(ctx.pipeline());
    ctx.pipeline().remove(HttpServerCodec.class);
  }

  // After everything that was written: the last answer may still be on its way to a slow reader.
  private void close(ChannelHandlerContext ctx) {
    if (closing) {
      return;
    }
    closing = true;
    releasePipelined();
    LingeringClose.begin(ctx);
  }

  /** Goes on with what is queued, when the exchange before it is over either way. */
  private void advance(ChannelHandlerContext ctx) {
    if (advancing) {
      return;
    }
    advancing = true;
    while (!closing && mayTake(ctx)) {
      Object next = pipelined.poll();
      if (next == null) {
        idleSinceNanos = now(ctx);
        if (!busy()) {
          ctx.read();
        }
        break;
      }
      take(ctx, next);
    }
    advancing = false;
  }

  private boolean mayTake(ChannelHandlerContext ctx) {
    Object next = pipelined.peek();
    boolean body = next != null && !(next instanceof HttpRequest);
    return body || mayBegin(ctx);
  }

  // The body of a running exchange is taken at once, a new request only when the one before is
  // done and its answer is not piling up in front of a slow reader.
  private boolean mayBegin(ChannelHandlerContext ctx) {
    return !busy() && ctx.channel().isWritable();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ours != null) {
      ours.writabilityChanged();
    }
    advance(ctx);
    ctx.fireChannelWritabilityChanged();
  }

  // ---- how it ends

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closing = true;
    tunnel = null;
    if (idleCheck != null) {
      idleCheck.cancel(false);
    }
    releasePipelined();
    if (ours != null) {
      ours.clientGone();
      ours = null;
    }
    if (stock != null) {
      stock.clientGone();
      stock = null;
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (stock != null) {
      ctx.fireExceptionCaught(cause);
    } else {
      ctx.close();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Drain.CloseIfIdle.NOW) {
      if (!running()) {
        close(ctx);
      }
    } else if (event == ChannelInputShutdownEvent.INSTANCE && tunnel != null) {
      tunnel.requestComplete(EmptyHttpHeaders.INSTANCE);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  private void checkIdleIn(ChannelHandlerContext ctx, long nanos) {
    idleCheck = ctx.executor().schedule(() -> checkIdle(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  private void checkIdle(ChannelHandlerContext ctx) {
    if (!ctx.channel().isActive()) {
      return;
    }
    long limit = edge.limits().keepAlive().toNanos();
    long left = running() ? limit : limit - (now(ctx) - idleSinceNanos);
    if (left <= 0) {
      close(ctx);
    } else {
      checkIdleIn(ctx, left);
    }
  }

  private void releasePipelined() {
    Object message;
    while ((message = pipelined.poll()) != null) {
      ReferenceCountUtil.release(message);
    }
  }

  private ChannelHandlerContext ctx() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return context;
  }

  private static long now(ChannelHandlerContext ctx) {
    return ctx.channel().eventLoop().ticker().nanoTime();
  }
}
