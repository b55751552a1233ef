package dev.headgate.edge;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Trace;
import dev.headgate.route.CompiledRoute;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;

/**
 * An exchange of Spring's seen as one of ours, so that a chain can run inside it. Its record is
 * that of the connection's exchange: one log line tells both.
 */
final class MountedExchange {
  private static final Logger LOG = LoggerFactory.getLogger(MountedExchange.class);

  private final ServerWebExchange spring;
  private final GatewayExchange exchange;
  private final Sinks.Empty<Void> clientGone = Sinks.empty();

  private MountedExchange(
      ServerWebExchange spring, GatewayExchange exchange, GatewayExchange outer) {
    this.spring = spring;
    this.exchange = exchange;
    outer.onEnd(
        () -> {
          if (outer.record().flags().contains(FailureReason.CLIENT_ABORTED)) {
            clientGone.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
          }
        });
  }

  static MountedExchange of(
      ServerWebExchange spring, String routeId, @Nullable CompiledRoute route) {
    ServerHttpRequest request = spring.getRequest();
    Channel channel =
        ((Connection) ServerHttpRequestDecorator.<Object>getNativeRequest(request)).channel();
    GatewayExchange outer = channel.attr(StockExchange.CURRENT).get();
    URI uri = request.getURI();
    GatewayRequest seen = outer.request();
    HttpHeaders headers = new DefaultHttpHeaders();
    request.getHeaders().forEach((name, values) -> headers.add(name, values));
    ExchangeRecord record = outer.record();
    record.route(routeId);
    GatewayExchange inner =
        new GatewayExchange(
            channel.eventLoop(),
            new GatewayRequest(
                method(request.getMethod()),
                seen.version(),
                seen.scheme(),
                seen.authority(),
                seen.host(),
                uri.getRawPath(),
                uri.getRawQuery(),
                seen.remote(),
                seen.trusted(),
                seen.client(),
                seen.publicAuthority()),
            headers,
            body(request, headers),
            record,
            uri.getRawPath());
    inner.requestId(outer.requestId());
    Trace trace = outer.trace();
    if (trace != null) {
      inner.trace(trace);
    }
    // Once its response has begun only the connection's end can say that it will not be whole.
    inner.onAbort(
        failure -> {
          record.flag(failure.reason());
          channel.close();
        });
    if (route != null) {
      inner.idle(route.idle());
    }
    return new MountedExchange(spring, inner, outer);
  }

  private static io.netty.handler.codec.http.HttpMethod method(HttpMethod method) {
    return io.netty.handler.codec.http.HttpMethod.valueOf(method.name());
  }

  private static Body body(ServerHttpRequest request, HttpHeaders headers) {
    String length = headers.get("content-length");
    boolean chunked = headers.contains("transfer-encoding");
    if (!chunked && (length == null || length.equals("0"))) {
      return Body.EMPTY;
    }
    return new SpringBody(chunked ? -1 : Long.parseLong(length), request);
  }

  GatewayExchange exchange() {
    return exchange;
  }

  /**
   * Completes when the client has gone, before what became of the request is told: Spring's own
   * cancelling comes after that, and a try that still ran would be missing.
   */
  Mono<Void> clientGone() {
    return clientGone.asMono();
  }

  GatewayResponse refused(RuntimeException misconfigured) {
    return failed(GatewayFailure.from(misconfigured));
  }

  GatewayResponse failed(GatewayFailure failure) {
    exchange.record().flag(failure.reason());
    if (failure.reason() == FailureReason.INTERNAL_ERROR) {
      RequestIds.of(exchange).during(() -> LOG.error("exchange failed", failure.getCause()));
    }
    String accept = String.join(",", exchange.headers().getAll("accept"));
    return ErrorResponses.render(failure, accept, RequestIds.of(exchange));
  }

  Mono<Void> write(GatewayResponse response) {
    ServerHttpResponse out = spring.getResponse();
    out.setRawStatusCode(response.status().code());
    response.headers().forEach(field -> out.getHeaders().add(field.getKey(), field.getValue()));
    long length = response.body().length();
    if (length > 0) {
      out.getHeaders().setContentLength(length);
    }
    NettyDataBufferFactory buffers = (NettyDataBufferFactory) out.bufferFactory();
    Flux<ByteBuf> content = Flux.from(response.body());
    return out.writeAndFlushWith(content.map(buffer -> Mono.just(buffers.wrap(buffer))));
  }

  /** Spring's body as ours. */
  private static final class SpringBody implements Body {
    private final long length;
    private final ServerHttpRequest request;
    private boolean taken;

    SpringBody(long length, ServerHttpRequest request) {
      this.length = length;
      this.request = request;
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public boolean available() {
      return !taken;
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuf> subscriber) {
      taken = true;
      request.getBody().map(NettyDataBufferFactory::toByteBuf).subscribe(subscriber);
    }

    // Reactor Netty itself drops what nobody has read when the exchange ends.
    @Override
    public void discard() {}
  }
}
