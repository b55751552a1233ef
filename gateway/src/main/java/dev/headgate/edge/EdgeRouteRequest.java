package dev.headgate.edge;

import dev.headgate.exchange.GatewayRequest;
import dev.headgate.route.RouteRequest;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** A request as the index asks for it. */
record EdgeRouteRequest(GatewayRequest request, HttpHeaders headers) implements RouteRequest {
  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String host() {
    return request.host();
  }

  // What is asked of the whole server is asked of the route that answers for everything in it.
  @Override
  public String path() {
    return request.path().equals(RequestTarget.ASTERISK) ? "/*" : request.path();
  }

  @Override
  public @Nullable String rawQuery() {
    return request.query();
  }

  // Netty's iterator begins with the last line; its list is in order, but costs more.
  @Override
  public Iterator<String> headers(String name) {
    Iterator<String> backwards = headers.valueStringIterator(name);
    if (!backwards.hasNext()) {
      return backwards;
    }
    String last = backwards.next();
    return backwards.hasNext()
        ? headers.getAll(name).iterator()
        : Collections.singleton(last).iterator();
  }

  @Override
  public boolean hasHeader(String name) {
    return headers.contains(name);
  }
}
