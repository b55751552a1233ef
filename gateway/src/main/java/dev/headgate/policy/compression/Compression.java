package dev.headgate.policy.compression;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FieldValues;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.SteppedBody;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Compresses the answers of a route, where the client asks for it and nobody forbids it. */
final class Compression implements Policy.Around {
  /** A body that is here whole, and no longer than one turn may take, is compressed at once. */
  private static final int AT_ONCE = 64 * 1024;

  private final CompressionConfig config;
  private final List<Encoding> offered;

  /**
   * @param offered those of the config's codings that this machine can do
   */
  Compression(CompressionConfig config, List<Encoding> offered) {
    this.config = config;
    this.offered = offered;
  }

  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    HttpHeaders request = exchange.headers();
    Encoding chosen =
        Compressible.forbidsTransforms(request)
            ? null
            : AcceptEncoding.best(
                FieldValues.of(request, HttpHeaderNames.ACCEPT_ENCODING), offered);
    return next.run(exchange).map(response -> answer(exchange, chosen, response));
  }

  private GatewayResponse answer(
      GatewayExchange exchange, @Nullable Encoding chosen, GatewayResponse response) {
    boolean head = exchange.request().method().equals(HttpMethod.HEAD);
    if (!Compressible.is(config, head, response)) {
      return response;
    }
    HttpHeaders headers = response.headers();
    FieldValues.vary(headers, "Accept-Encoding");
    if (chosen == null) {
      return response;
    }
    weakenTag(headers);
    if (response.status().code() == 304) {
      return response;
    }
    headers.set(HttpHeaderNames.CONTENT_ENCODING, chosen.token());
    headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    // Its ranges would be those of the plain form.
    headers.remove(HttpHeaderNames.ACCEPT_RANGES);
    return head
        ? response
        : new GatewayResponse(
            response.status(), headers, compressed(exchange, chosen, response.body()));
  }

  private Body compressed(GatewayExchange exchange, Encoding encoding, Body body) {
    if (body instanceof FullBody full && full.length() <= AT_ONCE && full.trailers().isEmpty()) {
      Compressor compressor = encoding.compressor(config.level());
      try {
        return new FullBody(compressor.whole(full.take()));
      } finally {
        compressor.close();
      }
    }
    return new SteppedBody(body, -1, exchange.loop(), () -> encoding.compressor(config.level()));
  }

  // The same bytes are no longer promised, only the same meaning (RFC 9110 section 8.8.1).
  private static void weakenTag(HttpHeaders headers) {
    String tag = headers.get(HttpHeaderNames.ETAG);
    if (tag != null && tag.startsWith("\"")) {
      headers.set(HttpHeaderNames.ETAG, "W/" + tag);
    }
  }
}
