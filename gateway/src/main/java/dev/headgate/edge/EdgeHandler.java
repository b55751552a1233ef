package dev.headgate.edge;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.StreamedBody;
import dev.headgate.policy.PolicyChain;
import dev.headgate.route.CompiledRoute;
import dev.headgate.route.Match;
import dev.headgate.route.RouteTable;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * An HTTP/1.1 connection: decides whose each request is, keeps pipelined ones, ours and Spring's,
 * in one order, and governs reading.
 *
 * <p>One exchange runs at a time. What arrives behind it is queued, never more than one turn of
 * reading brings, since nothing more is read while something waits. While an exchange runs whose
 * request is here whole one read is outstanding, so that the client's going away is seen.
 */
final class EdgeHandler extends ChannelDuplexHandler implements EdgeExchange.Connection {
  /** A request body of at most this is read to its end to keep the connection. */
  private static final long MAX_DRAINED = 64 * 1024;

  private final Edge edge;
  private final ArrayDeque<Object> pipelined = new ArrayDeque<>(2);
  private @Nullable ChannelHandlerContext context;
  private @Nullable EdgeExchange ours;
  private @Nullable StockExchange stock;
  private @Nullable HttpRequest request;
  private boolean requestComplete = true;
  private boolean keptAlive;
  private boolean closing;
  private boolean advancing;
  private boolean unreadBody;
  private long drained;
  private long idleSinceNanos;

  EdgeHandler(Edge edge) {
    this.edge = edge;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    idleSinceNanos = now(ctx);
    checkIdleIn(ctx, edge.keepAlive().toNanos());
  }

  // ---- what comes in

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (stock != null && stock.tunnel()) {
      ctx.fireChannelRead(message);
    } else if (closing) {
      ReferenceCountUtil.release(message);
      ctx.read();
    } else if (!pipelined.isEmpty() || (message instanceof HttpRequest && busy())) {
      pipelined.add(message);
    } else {
      take(ctx, message);
    }
  }

  private boolean busy() {
    return ours != null || stock != null || !requestComplete;
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
    unreadBody = false;
    keptAlive = HttpUtil.isKeepAlive(head);
    edge.drain().exchangeBegun();
    InetSocketAddress remote = (InetSocketAddress) ctx.channel().remoteAddress();
    boolean trusted = edge.trustedProxies().contains(remote);
    GatewayRequest read;
    try {
      String scheme = ctx.pipeline().get(SslHandler.class) == null ? "http" : "https";
      read = RequestHeadReader.read(head, scheme, remote, trusted);
    } catch (GatewayFailure failure) {
      keptAlive = false;
      refuse(ctx, head, RequestHeadReader.unreadable(head, remote, trusted), failure);
      return;
    }
    dispatch(ctx, head, read);
  }

  private void dispatch(ChannelHandlerContext ctx, HttpRequest head, GatewayRequest read) {
    RouteTable table = edge.table();
    if (table == null) {
      refuse(ctx, head, read, GatewayFailure.of(FailureReason.NO_ACTIVE_CONFIG));
      return;
    }
    Match<CompiledRoute> match = table.index().match(new EdgeRouteRequest(read, head.headers()));
    if (match instanceof Match.Found<CompiledRoute> found) {
      CompiledRoute route = found.value();
      String path = route.rewrite() == null ? read.path() : route.rewrite().apply(found.path());
      run(ctx, head, read, route.chain(), route, path);
    } else if (match instanceof Match.MethodNotAllowed<CompiledRoute> refused) {
      String allow = String.join(", ", refused.allowed());
      GatewayFailure failure = GatewayFailure.of(FailureReason.METHOD_NOT_ALLOWED);
      refuse(ctx, head, read, failure.withHeader("allow", allow));
    } else if (edge.stockRoutes() && !((Match.NotFound<CompiledRoute>) match).pathKnown()) {
      toSpring(ctx, head, read);
    } else {
      refuse(ctx, head, read, GatewayFailure.of(FailureReason.ROUTE_NOT_FOUND));
    }
  }

  private void refuse(
      ChannelHandlerContext ctx, HttpRequest head, GatewayRequest read, GatewayFailure failure) {
    PolicyChain chain = edge.unrouted().endingIn(exchange -> Mono.error(failure));
    run(ctx, head, read, chain, null, read.path());
  }

  private void run(
      ChannelHandlerContext ctx,
      HttpRequest head,
      GatewayRequest read,
      PolicyChain chain,
      @Nullable CompiledRoute route,
      String upstreamPath) {
    StreamedBody body = arrivingBody(ctx, head);
    GatewayExchange exchange =
        new GatewayExchange(
            ctx.channel().eventLoop(),
            read,
            head.headers(),
            body == null ? Body.EMPTY : body,
            new ExchangeRecord(now(ctx)),
            upstreamPath);
    if (route != null) {
      exchange.record().route(route.id());
      exchange.idle(route.idle());
    }
    exchange.onEnd(edge.drain()::exchangeEnded);
    traced(exchange);
    EdgeExchange begun = new EdgeExchange(ctx, exchange, chain, this, body);
    ours = begun;
    begun.start();
  }

  private static void traced(GatewayExchange exchange) {
    if (exchange.request().trusted()) {
      String id = TraceParent.traceId(exchange.headers().get("traceparent"));
      if (id != null) {
        exchange.traceId(id);
      }
    }
  }

  private static @Nullable StreamedBody arrivingBody(ChannelHandlerContext ctx, HttpRequest head) {
    long length =
        HttpUtil.isTransferEncodingChunked(head) ? -1 : HttpUtil.getContentLength(head, 0L);
    if (length == 0 || head.decoderResult().isFailure()) {
      return null;
    }
    return new StreamedBody(
        length,
        new StreamedBody.Source() {
          @Override
          public void readMore() {
            ctx.read();
          }

          @Override
          public void bodyCancelled() {}
        });
  }

  private void toSpring(ChannelHandlerContext ctx, HttpRequest head, GatewayRequest read) {
    GatewayExchange exchange =
        new GatewayExchange(
            ctx.channel().eventLoop(),
            read,
            head.headers(),
            Body.EMPTY,
            new ExchangeRecord(now(ctx)),
            read.path());
    ctx.channel().attr(StockExchange.CURRENT).set(exchange);
    exchange.onEnd(edge.drain()::exchangeEnded);
    traced(exchange);
    StockExchange begun = new StockExchange(exchange, edge.unrouted());
    stock = begun;
    begun.start();
    ctx.fireChannelRead(head);
  }

  private void continued(ChannelHandlerContext ctx, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    requestComplete |= last;
    if (stock != null) {
      stock.received(content.content().readableBytes());
      ctx.fireChannelRead(content);
    } else if (ours != null && !unreadBody) {
      EdgeExchange running = ours;
      running.received(content);
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

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
  }

  // ---- what goes out

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    // Ours are written from this handler's own context, so whatever passes here is Spring's.
    StockExchange running = stock;
    if (running == null || running.tunnel() || !running.written(message)) {
      ctx.write(message, promise);
      return;
    }
    ctx.write(message, running.ending(promise));
    stock = null;
    advance(ctx);
  }

  @Override
  public boolean mayKeepAlive(EdgeExchange exchange) {
    unreadBody = !requestComplete;
    return keptAlive && !edge.drain().draining() && (requestComplete || bodyIsShort());
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
  public void responseWritten(EdgeExchange exchange, boolean keepAlive) {
    ChannelHandlerContext ctx = ctx();
    ours = null;
    if (!keepAlive) {
      close(ctx);
      return;
    }
    if (!requestComplete) {
      drained = 0;
      ctx.read();
    }
    advance(ctx);
  }

  private void close(ChannelHandlerContext ctx) {
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

  // The body of a running exchange is taken at once, a new request only when the one before is
  // done and its answer is not piling up in front of a slow reader.
  private boolean mayTake(ChannelHandlerContext ctx) {
    Object next = pipelined.peek();
    boolean body = next != null && !(next instanceof HttpRequest);
    return body || (!busy() && ctx.channel().isWritable());
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
      if (!busy()) {
        ctx.close();
      }
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  private void checkIdleIn(ChannelHandlerContext ctx, long nanos) {
    ctx.executor().schedule(() -> checkIdle(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  private void checkIdle(ChannelHandlerContext ctx) {
    if (!ctx.channel().isActive()) {
      return;
    }
    long limit = edge.keepAlive().toNanos();
    long left = busy() ? limit : limit - (now(ctx) - idleSinceNanos);
    if (left <= 0) {
      ctx.close();
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
