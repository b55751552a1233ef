package dev.headgate.edge;

import dev.headgate.exchange.GatewayRequest;
import dev.headgate.route.CompiledRoute;
import dev.headgate.route.Match;
import dev.headgate.route.RouteIndex;
import dev.headgate.route.RouteRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request. A CORS preflight speaks for another request: it belongs to the
 * route that the request to come would match, where that route answers preflights, and else to the
 * one that takes its own method, as any {@code OPTIONS} does.
 *
 * <p>Of the request to come a preflight tells method, target and the names of fields, not their
 * values. Conditions on fields are held against those of the preflight itself, as in any request,
 * so it never reaches a route by a field that may not come.
 */
final class PreflightLookup {
  private PreflightLookup() {}

  static Match<CompiledRoute> match(RouteIndex<CompiledRoute> index, EdgeRouteRequest own) {
    String asked = askedMethod(own.request(), own.headers());
    if (asked != null
        && index.match(new Asked(own, asked)) instanceof Match.Found<CompiledRoute> found
        && found.value().chain().answersPreflights()) {
      return found;
    }
    return index.match(own);
  }

  /** The method a preflight asks for, or null where the request is none. */
  private static @Nullable String askedMethod(GatewayRequest request, HttpHeaders headers) {
    return request.method().equals(HttpMethod.OPTIONS) && headers.contains(HttpHeaderNames.ORIGIN)
        ? headers.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)
        : null;
  }

  private record Asked(RouteRequest own, String method) implements RouteRequest {
    @Override
    public String host() {
      return own.host();
    }

    @Override
    public String path() {
      return own.path();
    }

    @Override
    public @Nullable String rawQuery() {
      return own.rawQuery();
    }

    @Override
    public Iterator<String> headers(String name) {
      return own.headers(name);
    }
  }
}
