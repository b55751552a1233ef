package dev.headgate.upstream;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.TimeoutFields;
import dev.headgate.exchange.Trace;
import dev.headgate.exchange.Try;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the service, before it is put into the words of a protocol.
 *
 * @param method the client's
 * @param scheme that of the connection to the service
 * @param authority what goes into {@code Host} or {@code :authority}
 * @param target in origin form (RFC 9112 section 3.2.1), byte for byte as the exchange has it
 * @param headers the exchange's, not to be changed
 * @param length of the body, or -1 where nobody knows
 * @param toldMillis how much time the service has, 1 or more; 0 where it is told nothing
 * @param takesTrailers whether the client said {@code TE: trailers} (RFC 9110 section 10.1.4)
 * @param upgrade see {@link GatewayExchange#upgrade()}
 * @param traced says the fields by which the service is told of the trace, none where there is none
 */
record RequestHead(
    HttpMethod method,
    String scheme,
    String authority,
    String target,
    HttpHeaders headers,
    long length,
    long toldMillis,
    boolean takesTrailers,
    @Nullable String upgrade,
    Consumer<BiConsumer<CharSequence, String>> traced) {
  static RequestHead of(GatewayExchange exchange, Try one, Upstream upstream, Endpoint endpoint) {
    HttpHeaders headers = exchange.headers();
    Trace trace = exchange.trace();
    return new RequestHead(
        exchange.request().method(),
        endpoint.destination().scheme(),
        upstream.hostHeader().value(exchange.request().authority(), endpoint.authority()),
        target(exchange, endpoint.destination().basePath()),
        headers,
        exchange.upgrade() == null ? exchange.body().length() : 0,
        TimeoutFields.toldMillis(exchange, one),
        headers.containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true),
        exchange.upgrade(),
        trace == null ? RequestHead::untraced : fields -> trace.tell(one, fields));
  }

  private static void untraced(BiConsumer<CharSequence, String> fields) {}

  /** Says the fields that belong to this try alone, each in the place of what stands there. */
  void tell(BiConsumer<CharSequence, String> fields) {
    traced.accept(fields);
    if (toldMillis > 0) {
      fields.accept(TimeoutFields.REQUEST_TIMEOUT, Long.toString(toldMillis));
      if (headers.contains(TimeoutFields.GRPC_TIMEOUT)) {
        fields.accept(TimeoutFields.GRPC_TIMEOUT, toldMillis + "m");
      }
    }
  }

  // The asterisk asks about the whole server, which no base path goes before.
  private static String target(GatewayExchange exchange, String basePath) {
    String asked = exchange.upstreamPath();
    String path = basePath.isEmpty() || asked.equals("*") ? asked : basePath + asked;
    String query = exchange.upstreamQuery();
    return query == null ? path : path + "?" + query;
  }
}
