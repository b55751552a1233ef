package dev.headgate.exchange;

import static dev.headgate.exchange.FailureSource.CLIENT;
import static dev.headgate.exchange.FailureSource.GATEWAY;
import static dev.headgate.exchange.FailureSource.UPSTREAM;

import org.jspecify.annotations.Nullable;

/**
 * The closed list of everything that can go wrong with an exchange. {@link #name()} is the {@code
 * code} a caller reads in the error body; the {@code Proxy-Status} error types are those of RFC
 * 9209 section 2.3.
 */
public enum FailureReason {
  BAD_REQUEST(400, CLIENT, "http_request_error", "The request is malformed."),
  /** Two places of the request ask for two versions of a service. */
  VERSION_CONFLICT(400, CLIENT, null, "The request asks for two versions at once."),
  /** 406 where it was {@code Accept} that asked. */
  UNSUPPORTED_VERSION(400, CLIENT, null, "This version is not supported."),
  VERSION_REQUIRED(400, CLIENT, null, "The request has to say which version it wants."),
  /** Not a string of 1 to 255 characters, or two of them. */
  IDEMPOTENCY_KEY_INVALID(400, CLIENT, null, "The Idempotency-Key cannot be used."),
  IDEMPOTENCY_KEY_MISSING(400, CLIENT, null, "This route requires an Idempotency-Key."),
  ORIGIN_NOT_ALLOWED(403, CLIENT, null, "Pages of this origin may not call this route."),
  ROUTE_NOT_FOUND(404, GATEWAY, null, "No route matches this request."),
  METHOD_NOT_ALLOWED(405, CLIENT, null, "This path does not allow this method."),
  CLIENT_TIMEOUT(408, CLIENT, null, "The request did not arrive in time."),
  IDEMPOTENCY_IN_PROGRESS(409, CLIENT, null, "The first request with this key still runs."),
  /** It may have been done or not: only who asked can find out. */
  IDEMPOTENCY_OUTCOME_UNKNOWN(
      409, CLIENT, null, "What came of the first request with this key is not known."),
  /** It was done; its answer was too large to be kept. */
  IDEMPOTENCY_RESPONSE_NOT_STORED(
      409, CLIENT, null, "The first request with this key is done, but its answer was not kept."),
  VERSION_SUNSET(410, GATEWAY, null, "This version is no longer served."),
  PAYLOAD_TOO_LARGE(413, CLIENT, null, "The request body is larger than allowed."),
  URI_TOO_LONG(414, CLIENT, null, "The request target is longer than allowed."),
  IDEMPOTENCY_KEY_REUSED(422, CLIENT, null, "This key was used for another request."),
  HEADERS_TOO_LARGE(431, CLIENT, null, "The header section is larger than allowed."),
  /** Never sent: there is nobody to read it. The status is nginx's, for the access log. */
  CLIENT_ABORTED(499, CLIENT, null, "The client went away."),
  INTERNAL_ERROR(500, GATEWAY, "proxy_internal_error", "The gateway failed."),
  METHOD_NOT_IMPLEMENTED(501, GATEWAY, null, "The gateway does not implement this method."),
  TRANSFER_CODING_UNKNOWN(501, CLIENT, null, "The gateway does not know this transfer coding."),
  NO_ACTIVE_CONFIG(503, GATEWAY, "proxy_configuration_error", "The gateway has no routes yet."),
  /** A limit of the whole gateway, so that it is worth asking again, here or elsewhere. */
  OVERLOADED(503, GATEWAY, null, "The gateway has more to do than it can."),
  POOL_EXHAUSTED(503, GATEWAY, "connection_limit_reached", "No upstream connection came free."),
  /** As many tries run at the upstream, and as many wait, as it may have. */
  BULKHEAD_FULL(503, GATEWAY, "connection_limit_reached", "The service has all it can take."),
  /** The upstream's breaker is open: it has failed too often. */
  BREAKER_OPEN(503, GATEWAY, "destination_unavailable", "The service is not being asked now."),
  IDEMPOTENCY_STORE_UNAVAILABLE(503, GATEWAY, null, "Idempotency keys cannot be kept just now."),
  LOOP_DETECTED(508, GATEWAY, "proxy_loop_detected", "The request came back to this gateway."),
  VERSION_NOT_SUPPORTED(505, CLIENT, null, "This HTTP version is not supported."),

  UPSTREAM_CONNECTION_REFUSED(502, UPSTREAM, "connection_refused", "The service refused."),
  UPSTREAM_UNREACHABLE(502, UPSTREAM, "destination_ip_unroutable", "The service is unreachable."),
  UPSTREAM_DNS_FAILURE(502, UPSTREAM, "dns_error", "The service's name does not resolve."),
  UPSTREAM_TLS_FAILURE(502, UPSTREAM, "tls_protocol_error", "No TLS session with the service."),
  UPSTREAM_CERTIFICATE_INVALID(
      502, UPSTREAM, "tls_certificate_error", "The service's certificate is not trusted."),
  UPSTREAM_RESET(502, UPSTREAM, "connection_terminated", "The service ended the connection."),
  UPSTREAM_PREMATURE_END(
      502, UPSTREAM, "http_response_incomplete", "The service's response ended too early."),
  UPSTREAM_PROTOCOL_ERROR(
      502, UPSTREAM, "http_protocol_error", "The service's response is not valid HTTP."),
  /** 101, or CONNECT over HTTP/2 (RFC 8441), is not to be had of this service. */
  UPSTREAM_UPGRADE_UNSUPPORTED(
      502, UPSTREAM, "http_upgrade_failed", "The service does not take this upgrade."),
  /** HTTP/2's proof that nothing was done: REFUSED_STREAM, or a GOAWAY that leaves it out. */
  UPSTREAM_REFUSED(503, UPSTREAM, "connection_terminated", "The service took no request."),
  UPSTREAM_CONNECT_TIMEOUT(
      504, UPSTREAM, "connection_timeout", "The service did not accept a connection in time."),
  /** The client wanted none that the service has to be asked for (RFC 9111 section 5.2.1.7). */
  NOT_CACHED(504, CLIENT, null, "No stored answer will do, and the request wants no other."),
  /** The per-try limit, which ends at the response's head. */
  UPSTREAM_TIMEOUT(504, UPSTREAM, "http_response_timeout", "The service did not answer in time."),
  /** A body stalled for longer than the idle limit. */
  UPSTREAM_IDLE_TIMEOUT(504, UPSTREAM, "connection_read_timeout", "The service stalled."),
  /** The total limit, which covers everything, the body included. */
  DEADLINE_EXCEEDED(504, GATEWAY, "http_response_timeout", "The request took too long.");

  private final int status;
  private final FailureSource source;
  private final @Nullable String proxyError;
  private final String message;

  FailureReason(int status, FailureSource source, @Nullable String proxyError, String message) {
    this.status = status;
    this.source = source;
    this.proxyError = proxyError;
    this.message = message;
  }

  /** The HTTP status a caller gets, 400 to 599. */
  public int status() {
    return status;
  }

  /** Who is to blame. */
  public FailureSource source() {
    return source;
  }

  /** The error type for {@code Proxy-Status} (RFC 9209 section 2.3), or null where none applies. */
  public @Nullable String proxyError() {
    return proxyError;
  }

  /** One sentence for the caller; it tells nothing of the inside. */
  public String message() {
    return message;
  }

  /** Whether the failure proves that the service never got the request. */
  public boolean provesNotReceived() {
    return switch (this) {
      case UPSTREAM_CONNECTION_REFUSED,
          UPSTREAM_UNREACHABLE,
          UPSTREAM_DNS_FAILURE,
          UPSTREAM_TLS_FAILURE,
          UPSTREAM_CERTIFICATE_INVALID,
          UPSTREAM_REFUSED,
          UPSTREAM_CONNECT_TIMEOUT,
          POOL_EXHAUSTED,
          BULKHEAD_FULL,
          BREAKER_OPEN ->
          true;
      default -> false;
    };
  }
}
