package dev.headgate.edge;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.HopByHop;
import dev.headgate.exchange.StreamedBody;
import dev.headgate.policy.Next;
import dev.headgate.policy.PolicyChain;
import dev.headgate.route.CompiledRoute;
import dev.headgate.route.CompiledVersion;
import dev.headgate.route.Match;
import dev.headgate.route.RouteTable;
import dev.headgate.route.VersionNegotiation;
import dev.headgate.route.VersionOutcome;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Decides who answers the requests of one connection: a route of ours, Spring, the gateway itself,
 * or an error. Starts nothing.
 */
final class Dispatch {
  private final Edge edge;
  private final Channel connection;
  private @Nullable Peer peer;

  Dispatch(Edge edge, Channel connection) {
    this.edge = edge;
    this.connection = connection;
  }

  private Peer peer() {
    Peer known = peer;
    if (known == null) {
      known = Peer.of(connection, edge.trustedProxies(), edge.clientCertificates());
      peer = known;
    }
    return known;
  }

  /** An exchange that has been decided on. */
  sealed interface Running permits EdgeExchange, StockExchange {}

  /**
   * @param head of HTTP/1.1, or of HTTP/2 in the same form
   * @param length of the request's body in octets, 0 where there is none, -1 where it is not told
   * @param client where the answer goes
   * @param source of the request's body
   */
  Running decide(HttpRequest head, long length, ClientStream client, StreamedBody.Source source) {
    return new Request(head, length, client, source).decide();
  }

  private final class Request {
    private final HttpRequest head;
    private final long length;
    private final ClientStream client;
    private final StreamedBody.Source source;
    private @Nullable ToldIdentity told;

    Request(HttpRequest head, long length, ClientStream client, StreamedBody.Source source) {
      this.head = head;
      this.length = length;
      this.client = client;
      this.source = source;
    }

    Running decide() {
      Peer from = peer();
      try {
        if (from.trusted()) {
          told =
              ToldIdentity.read(head.headers(), from.remote().getAddress(), edge.trustedProxies());
        }
        GatewayRequest read = RequestHeadReader.read(head, from, told);
        if (head.headers().size() > edge.limits().maxHeaderCount()) {
          return refused(read, GatewayFailure.of(FailureReason.HEADERS_TOO_LARGE));
        }
        if (edge.via().isIn(head.headers())) {
          return refused(read, GatewayFailure.of(FailureReason.LOOP_DETECTED));
        }
        Next answer = SelfAnswer.to(read, head.headers());
        return answer == null
            ? route(read)
            : ours(read, edge.unrouted().endingIn(answer), read.path());
      } catch (GatewayFailure failure) {
        // Where a head cannot be read nobody knows where the next one begins.
        return unreadable(failure);
      } catch (RuntimeException defect) {
        // The exchange has been counted as begun, so it has to end like any other.
        return unreadable(GatewayFailure.from(defect));
      }
    }

    private Running route(GatewayRequest read) {
      if (edge.overload().refuses(edge.drain().inFlight())) {
        return refused(
            read, GatewayFailure.of(FailureReason.OVERLOADED).withHeader("retry-after", "1"));
      }
      RouteTable table = edge.table();
      if (table == null) {
        return refused(read, GatewayFailure.of(FailureReason.NO_ACTIVE_CONFIG));
      }
      EdgeRouteRequest asked = new EdgeRouteRequest(read, head.headers());
      Match<CompiledRoute> match = PreflightLookup.match(table.index(), asked);
      if (match instanceof Match.Found<CompiledRoute> found) {
        return routed(asked, found);
      }
      if (match instanceof Match.MethodNotAllowed<CompiledRoute> other) {
        String allow = String.join(", ", other.allowed());
        GatewayFailure failure = GatewayFailure.of(FailureReason.METHOD_NOT_ALLOWED);
        return refused(read, failure.withHeader("allow", allow));
      }
      if (read.path().equals(RequestTarget.ASTERISK)) {
        return ours(read, edge.unrouted().endingIn(SelfAnswer.OPTIONS), read.path());
      }
      return edge.stockRoutes() && !((Match.NotFound<CompiledRoute>) match).pathKnown()
          ? new StockExchange(exchange(read, Body.EMPTY, read.path()), edge.unrouted())
          : refused(read, GatewayFailure.of(FailureReason.ROUTE_NOT_FOUND));
    }

    private EdgeExchange routed(EdgeRouteRequest asked, Match.Found<CompiledRoute> found) {
      CompiledRoute route = found.value();
      GatewayRequest read = asked.request();
      EdgeExchange routed;
      if (route.versions() == null) {
        String path = route.rewrite() == null ? read.path() : route.rewrite().apply(found.path());
        routed = ours(read, route.chain(), path);
      } else {
        routed = versioned(asked, found, route.versions());
      }
      routed.exchange().record().route(route.id());
      routed.exchange().idle(route.idle());
      return routed;
    }

    private EdgeExchange versioned(
        EdgeRouteRequest asked,
        Match.Found<CompiledRoute> found,
        VersionNegotiation<CompiledVersion> versions) {
      VersionOutcome<CompiledVersion> outcome = versions.negotiate(found.path(), asked);
      if (outcome instanceof VersionOutcome.Selected<CompiledVersion> version) {
        CompiledVersion serving = version.value();
        GatewayRequest read = asked.request();
        String path = VersionedRoutes.upstreamPath(serving.rewrite(), found.path(), read.path());
        EdgeExchange served = ours(read, serving.chain(), path);
        served.exchange().versionPrefix(found.path().versionEnd());
        VersionedRoutes.serve(served.exchange(), versions, version);
        return served;
      }
      VersionOutcome.Refused<CompiledVersion> refused =
          (VersionOutcome.Refused<CompiledVersion>) outcome;
      PolicyChain chain = VersionedRoutes.refusing(found.value(), versions, refused);
      return ours(asked.request(), chain, asked.request().path());
    }

    private EdgeExchange unreadable(GatewayFailure failure) {
      client.requestAbandoned();
      GatewayRequest read = RequestHeadReader.unreadable(head, peer());
      PolicyChain chain = edge.unrouted().endingIn(exchange -> Mono.error(failure));
      return new EdgeExchange(client, exchange(read, Body.EMPTY, read.path()), chain, null);
    }

    private EdgeExchange refused(GatewayRequest read, GatewayFailure failure) {
      PolicyChain chain = edge.unrouted().endingIn(exchange -> Mono.error(failure));
      return ours(read, chain, read.path());
    }

    private EdgeExchange ours(GatewayRequest read, PolicyChain chain, String upstreamPath) {
      boolean upgrade = Upgrades.toWebSocket(head, length);
      StreamedBody body = upgrade ? new StreamedBody(-1, source) : arrivingBody();
      // Before any policy sets a field, so that a client cannot name that one away.
      HopByHop.dropNamed(head.headers());
      GatewayExchange exchange = exchange(read, body == null ? Body.EMPTY : body, upstreamPath);
      if (upgrade) {
        exchange.upgrade(Upgrades.WEBSOCKET);
      }
      return new EdgeExchange(client, exchange, chain, body);
    }

    private GatewayExchange exchange(GatewayRequest read, Body body, String upstreamPath) {
      HttpHeaders headers = head.headers();
      ForwardingFields.apply(headers, read, peer(), told);
      edge.via().addTo(headers, read.version());
      EventLoop loop = connection.eventLoop();
      ExchangeRecord record = new ExchangeRecord(loop.ticker().nanoTime());
      GatewayExchange exchange =
          new GatewayExchange(loop, read, headers, body, record, upstreamPath);
      exchange.onEnd(edge.drain()::exchangeEnded);
      return exchange;
    }

    private @Nullable StreamedBody arrivingBody() {
      return length == 0 ? null : new StreamedBody(length, source);
    }
  }
}
