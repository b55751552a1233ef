package dev.headgate.edge;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import dev.headgate.policy.PolicyChain;
import dev.headgate.route.CompiledRoute;
import dev.headgate.route.PathPattern;
import dev.headgate.route.RouteIndex;
import dev.headgate.route.RouteRule;
import dev.headgate.route.RouteTable;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Sends every client to the same URL under {@code https}: 301 for GET and HEAD, which everybody
 * understands, and 308 for all other methods, which must not become a GET (RFC 9110 section 15.4).
 */
final class HttpsRedirect implements Next {
  private static final String ID = "redirect-to-https";
  private static final int USUAL_PORT = 443;
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final String port;

  private HttpsRedirect(int port) {
    this.port = port == USUAL_PORT ? "" : ":" + port;
  }

  /** A table of which every request gets the redirect. */
  static RouteTable table(PolicyChain policies, int port) {
    CompiledRoute route =
        new CompiledRoute(ID, policies.endingIn(new HttpsRedirect(port)), null, IDLE);
    RouteRule every = RouteRule.of(ID, PathPattern.parse("/**"));
    return new RouteTable(
        1, RouteIndex.of(List.of(new RouteIndex.Entry<>(every, route))), Map.of(ID, route));
  }

  @Override
  public Mono<GatewayResponse> run(GatewayExchange exchange) {
    GatewayRequest request = exchange.request();
    if (request.publicAuthority().isEmpty()) {
      GatewayFailure.Detail nowhere = new GatewayFailure.Detail("host", "is missing");
      return Mono.error(GatewayFailure.of(FailureReason.BAD_REQUEST, List.of(nowhere)));
    }
    HttpMethod method = request.method();
    boolean plain = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set(HttpHeaderNames.LOCATION, location(request));
    return Mono.just(
        new GatewayResponse(
            plain ? HttpResponseStatus.MOVED_PERMANENTLY : HttpResponseStatus.PERMANENT_REDIRECT,
            headers,
            Body.EMPTY));
  }

  private String location(GatewayRequest request) {
    String authority = request.publicAuthority();
    int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    String query = request.query() == null ? "" : "?" + request.query();
    return "https://" + host + port + request.path() + query;
  }
}
