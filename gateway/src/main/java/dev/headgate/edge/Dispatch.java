package dev.headgate.edge;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.HopByHop;
import dev.headgate.exchange.StreamedBody;
import dev.headgate.policy.PolicyChain;
import dev.headgate.route.CompiledRoute;
import dev.headgate.route.Match;
import dev.headgate.route.RouteTable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Decides who answers a request: a route of ours, Spring, or an error. Starts nothing. */
final class Dispatch {
  private final Edge edge;
  private @Nullable Peer peer;

  Dispatch(Edge edge) {
    this.edge = edge;
  }

  /** What is the same for all requests of a connection. */
  private record Peer(
      InetSocketAddress remote, String client, boolean trusted, String scheme, String port) {
    static Peer of(ChannelHandlerContext ctx, TrustedProxies proxies) {
      InetSocketAddress remote = (InetSocketAddress) ctx.channel().remoteAddress();
      InetSocketAddress local = (InetSocketAddress) ctx.channel().localAddress();
      return new Peer(
          remote,
          remote.getAddress().getHostAddress(),
          proxies.contains(remote),
          ctx.pipeline().get(SslHandler.class) == null ? "http" : "https",
          Integer.toString(local.getPort()));
    }
  }

  private Peer peer(ChannelHandlerContext ctx) {
    Peer known = peer;
    if (known == null) {
      known = Peer.of(ctx, edge.trustedProxies());
      peer = known;
    }
    return known;
  }

  /** An exchange that has been decided on. */
  sealed interface Running permits EdgeExchange, StockExchange {}

  Running decide(ChannelHandlerContext ctx, HttpRequest head, EdgeExchange.Connection connection) {
    return new Request(ctx, head, connection).decide();
  }

  private final class Request {
    private final ChannelHandlerContext ctx;
    private final HttpRequest head;
    private final EdgeExchange.Connection connection;

    Request(ChannelHandlerContext ctx, HttpRequest head, EdgeExchange.Connection connection) {
      this.ctx = ctx;
      this.head = head;
      this.connection = connection;
    }

    Running decide() {
      Peer from = peer(ctx);
      try {
        return route(RequestHeadReader.read(head, from.scheme(), from.remote(), from.trusted()));
      } catch (GatewayFailure failure) {
        // Where a head cannot be read nobody knows where the next one begins.
        GatewayRequest told =
            RequestHeadReader.unreadable(head, from.scheme(), from.remote(), from.trusted());
        return unreadable(told, failure);
      } catch (RuntimeException defect) {
        // The exchange has been counted as begun, so it has to end like any other.
        GatewayRequest told =
            RequestHeadReader.unreadable(head, from.scheme(), from.remote(), from.trusted());
        return unreadable(told, GatewayFailure.from(defect));
      }
    }

    private Running route(GatewayRequest read) {
      RouteTable table = edge.table();
      if (table == null) {
        return refused(read, GatewayFailure.of(FailureReason.NO_ACTIVE_CONFIG));
      }
      Match<CompiledRoute> match = table.index().match(new EdgeRouteRequest(read, head.headers()));
      if (match instanceof Match.Found<CompiledRoute> found) {
        return routed(read, found);
      }
      if (match instanceof Match.MethodNotAllowed<CompiledRoute> other) {
        String allow = String.join(", ", other.allowed());
        GatewayFailure failure = GatewayFailure.of(FailureReason.METHOD_NOT_ALLOWED);
        return refused(read, failure.withHeader("allow", allow));
      }
      return edge.stockRoutes() && !((Match.NotFound<CompiledRoute>) match).pathKnown()
          ? new StockExchange(exchange(read, Body.EMPTY, read.path()), edge.unrouted())
          : refused(read, GatewayFailure.of(FailureReason.ROUTE_NOT_FOUND));
    }

    private EdgeExchange routed(GatewayRequest read, Match.Found<CompiledRoute> found) {
      CompiledRoute route = found.value();
      String path = route.rewrite() == null ? read.path() : route.rewrite().apply(found.path());
      EdgeExchange routed = ours(read, route.chain(), path);
      routed.exchange().record().route(route.id());
      routed.exchange().idle(route.idle());
      return routed;
    }

    private EdgeExchange unreadable(GatewayRequest told, GatewayFailure failure) {
      PolicyChain chain = edge.unrouted().endingIn(exchange -> Mono.error(failure));
      GatewayExchange exchange = exchange(told, Body.EMPTY, told.path());
      return new EdgeExchange(ctx, exchange, chain, connection, null).unreadable();
    }

    private EdgeExchange refused(GatewayRequest read, GatewayFailure failure) {
      PolicyChain chain = edge.unrouted().endingIn(exchange -> Mono.error(failure));
      return ours(read, chain, read.path());
    }

    private EdgeExchange ours(GatewayRequest read, PolicyChain chain, String upstreamPath) {
      StreamedBody body = arrivingBody();
      // Before any policy sets a field, so that a client cannot name that one away.
      HopByHop.dropNamed(head.headers());
      GatewayExchange exchange = exchange(read, body == null ? Body.EMPTY : body, upstreamPath);
      return new EdgeExchange(ctx, exchange, chain, connection, body);
    }

    private GatewayExchange exchange(GatewayRequest read, Body body, String upstreamPath) {
      Peer from = peer(ctx);
      ForwardingFields.apply(head.headers(), read, from.client(), from.port());
      EventLoop loop = ctx.channel().eventLoop();
      ExchangeRecord record = new ExchangeRecord(loop.ticker().nanoTime());
      GatewayExchange exchange =
          new GatewayExchange(loop, read, head.headers(), body, record, upstreamPath);
      exchange.onEnd(edge.drain()::exchangeEnded);
      if (read.trusted()) {
        String traceId = TraceParent.traceId(head.headers().get("traceparent"));
        if (traceId != null) {
          exchange.traceId(traceId);
        }
      }
      return exchange;
    }

    private @Nullable StreamedBody arrivingBody() {
      if (head.decoderResult().isFailure()) {
        return null;
      }
      long length =
          HttpUtil.isTransferEncodingChunked(head) ? -1 : HttpUtil.getContentLength(head, 0L);
      return length == 0 ? null : new StreamedBody(length, new Arriving(ctx));
    }
  }

  private record Arriving(ChannelHandlerContext ctx) implements StreamedBody.Source {
    @Override
    public void readMore() {
      ctx.read();
    }

    // What nobody wants is thrown away as it comes, by the connection.
    @Override
    public void bodyCancelled() {}
  }
}
