package dev.headgate.policy.cors;

import static io.netty.handler.codec.http.HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS;
import static io.netty.handler.codec.http.HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS;
import static io.netty.handler.codec.http.HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS;
import static io.netty.handler.codec.http.HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN;
import static io.netty.handler.codec.http.HttpHeaderNames.ACCESS_CONTROL_ALLOW_PRIVATE_NETWORK;
import static io.netty.handler.codec.http.HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS;
import static io.netty.handler.codec.http.HttpHeaderNames.ACCESS_CONTROL_MAX_AGE;
import static io.netty.handler.codec.http.HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS;
import static io.netty.handler.codec.http.HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD;

import dev.headgate.exchange.AttributeKey;
import dev.headgate.exchange.Body;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FieldValues;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The CORS protocol (Fetch standard, section 3.2) for one route: answers preflights, and tells
 * browsers which pages may read what the client gets, errors of the gateway included.
 *
 * <p>A method or a field that is not allowed gets the lists of those that are, and the browser
 * refuses with a message that names it; a 403 would only say that something was wrong. Access to
 * private networks ({@code Access-Control-Request-Private-Network}) is never granted: the draft
 * behind it was given up, and a gateway at the public edge has no use for it.
 */
final class Cors implements Policy.Around, Policy.Hook {
  private static final AsciiString[] RESPONSE_FIELDS = {
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_ALLOW_PRIVATE_NETWORK,
    ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE,
  };

  /** The request's origin where it is allowed; kept, since a route may change what goes on. */
  private static final AttributeKey<String> ALLOWED = new AttributeKey<>("cors-origin");

  private final CorsConfig config;
  private final String methods;
  private final String headers;
  private final String exposed;
  private final String maxAge;

  /**
   * @param methods of the route, where the config names none
   */
  Cors(CorsConfig config, List<String> methods) {
    this.config = config;
    this.methods = String.join(", ", config.methods().isEmpty() ? methods : config.methods());
    this.headers = String.join(", ", config.headers());
    this.exposed = String.join(", ", config.exposeHeaders());
    this.maxAge = Long.toString(config.maxAge().toSeconds());
  }

  @Override
  public boolean answersPreflights() {
    return true;
  }

  @Override
  public void onRequest(GatewayExchange exchange) {
    if (exchange.headers().contains(HttpHeaderNames.ORIGIN)) {
      List<String> sent = exchange.headers().getAll(HttpHeaderNames.ORIGIN);
      if (sent.size() == 1 && config.origins().allow(sent.get(0))) {
        exchange.put(ALLOWED, sent.get(0));
      }
    }
  }

  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    if (!isPreflight(exchange)) {
      return next.run(exchange);
    }
    return exchange.get(ALLOWED) == null
        ? Mono.error(GatewayFailure.of(FailureReason.ORIGIN_NOT_ALLOWED))
        : Mono.just(preflight(exchange.headers()));
  }

  private static boolean isPreflight(GatewayExchange exchange) {
    HttpHeaders request = exchange.headers();
    return exchange.request().method().equals(HttpMethod.OPTIONS)
        && request.contains(HttpHeaderNames.ORIGIN)
        && request.contains(ACCESS_CONTROL_REQUEST_METHOD);
  }

  private GatewayResponse preflight(HttpHeaders request) {
    HttpHeaders answer = new DefaultHttpHeaders();
    // A star would not cover credentials, so what was asked for is said back instead.
    answer.set(
        ACCESS_CONTROL_ALLOW_METHODS,
        config.anyMethod() ? request.get(ACCESS_CONTROL_REQUEST_METHOD) : methods);
    String allowed =
        config.anyHeader()
            ? String.join(", ", FieldValues.of(request, ACCESS_CONTROL_REQUEST_HEADERS))
            : headers;
    if (!allowed.isEmpty()) {
      answer.set(ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    }
    answer.set(ACCESS_CONTROL_MAX_AGE, maxAge);
    return new GatewayResponse(HttpResponseStatus.NO_CONTENT, answer, Body.EMPTY);
  }

  @Override
  public void onResponse(GatewayExchange exchange, GatewayResponse response) {
    HttpHeaders answer = response.headers();
    // Always: a cache that kept an answer without the field would give it to every origin.
    FieldValues.vary(answer, "Origin");
    boolean preflight = isPreflight(exchange);
    if (preflight) {
      FieldValues.vary(answer, "Access-Control-Request-Method");
      FieldValues.vary(answer, "Access-Control-Request-Headers");
    } else {
      for (AsciiString field : RESPONSE_FIELDS) {
        answer.remove(field);
      }
    }
    String origin = exchange.get(ALLOWED);
    if (origin != null) {
      permit(answer, origin, preflight);
    }
  }

  private void permit(HttpHeaders answer, String origin, boolean preflight) {
    answer.set(ACCESS_CONTROL_ALLOW_ORIGIN, config.origins().any() ? AllowedOrigins.ANY : origin);
    if (config.credentials()) {
      answer.set(ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
    if (!preflight && !exposed.isEmpty()) {
      answer.set(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
  }
}
