package dev.headgate.policy;

import dev.headgate.config.RouteTarget;
import dev.headgate.exchange.Body;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Mono;

/** The end of a chain whose route answers by itself. */
public final class LocalAnswer implements Next {
  private final HttpResponseStatus status;
  private final HttpHeaders headers;
  private final ByteBuf content;

  private LocalAnswer(int status, HttpHeaders headers, String body) {
    this.status = HttpResponseStatus.valueOf(status);
    this.headers = headers;
    this.content =
        Unpooled.unreleasableBuffer(
            Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.UTF_8)).asReadOnly());
  }

  /** Sends the client elsewhere. */
  public static LocalAnswer redirect(RouteTarget.Redirect target) {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set(HttpHeaderNames.LOCATION, target.location());
    return new LocalAnswer(target.status(), headers, "");
  }

  /** A fixed response. */
  public static LocalAnswer respond(RouteTarget.Respond target) {
    HttpHeaders headers = new DefaultHttpHeaders();
    target.headers().forEach(headers::set);
    if (target.contentType() != null) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, target.contentType());
    }
    return new LocalAnswer(target.status(), headers, target.body());
  }

  @Override
  public Mono<GatewayResponse> run(GatewayExchange exchange) {
    return Mono.fromSupplier(
        () ->
            new GatewayResponse(
                status,
                headers.copy(),
                content.isReadable() ? new FullBody(content.duplicate()) : Body.EMPTY));
  }
}
