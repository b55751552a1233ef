package dev.headgate.edge;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/** Gives the errors of Spring's side of the port the same body as ours. */
public final class StockErrors implements WebExceptionHandler, Ordered {
  private static final Logger LOG = LoggerFactory.getLogger(StockErrors.class);

  /** Ahead of Boot's own, which would answer with a body of its own. */
  private static final int BEFORE_BOOT = -2;

  @Override
  public int getOrder() {
    return BEFORE_BOOT;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
    ServerHttpResponse response = exchange.getResponse();
    if (response.isCommitted()) {
      return Mono.error(error);
    }
    FailureReason reason = reason(error);
    if (reason == FailureReason.INTERNAL_ERROR) {
      ids(exchange).during(() -> LOG.error("a stock route failed", loggable(error)));
    }
    String accept = exchange.getRequest().getHeaders().getFirst("accept");
    boolean problem = ErrorResponses.prefersProblem(accept);
    byte[] body = ErrorResponses.body(GatewayFailure.of(reason), problem, ids(exchange));
    response.setRawStatusCode(reason.status());
    response
        .getHeaders()
        .set("content-type", problem ? "application/problem+json" : "application/json");
    if (reason.proxyError() != null) {
      response.getHeaders().set("proxy-status", ErrorResponses.proxyStatus(reason.proxyError()));
    }
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
  }

  /**
   * An error as it may be logged: Reactor hangs checkpoints on it, as suppressed ones, which have
   * the whole query in them.
   */
  private static Throwable loggable(Throwable error) {
    Throwable cause = error.getCause();
    Throwable shown =
        new IllegalStateException(error.toString(), cause == null ? null : loggable(cause));
    shown.setStackTrace(error.getStackTrace());
    return shown;
  }

  // Requests of the admin port have none.
  private static RequestIds ids(ServerWebExchange exchange) {
    GatewayExchange ours = StockExchange.of(exchange.getRequest());
    return ours == null ? RequestIds.NONE : RequestIds.of(ours);
  }

  private static FailureReason reason(Throwable error) {
    if (error instanceof ErrorResponse known) {
      return reason(known.getStatusCode());
    }
    if (error instanceof UnknownHostException) {
      return FailureReason.UPSTREAM_DNS_FAILURE;
    }
    if (error instanceof ConnectException) {
      return FailureReason.UPSTREAM_CONNECTION_REFUSED;
    }
    if (error instanceof IOException) {
      return FailureReason.UPSTREAM_RESET;
    }
    return error instanceof TimeoutException || error instanceof ReadTimeoutException
        ? FailureReason.UPSTREAM_TIMEOUT
        : FailureReason.INTERNAL_ERROR;
  }

  private static FailureReason reason(HttpStatusCode status) {
    return switch (status.value()) {
      case 400 -> FailureReason.BAD_REQUEST;
      case 404 -> FailureReason.ROUTE_NOT_FOUND;
      case 405 -> FailureReason.METHOD_NOT_ALLOWED;
      case 413 -> FailureReason.PAYLOAD_TOO_LARGE;
      case 502 -> FailureReason.UPSTREAM_PROTOCOL_ERROR;
      case 503 -> FailureReason.NO_ACTIVE_CONFIG;
      case 504 -> FailureReason.UPSTREAM_TIMEOUT;
      default -> FailureReason.INTERNAL_ERROR;
    };
  }
}
