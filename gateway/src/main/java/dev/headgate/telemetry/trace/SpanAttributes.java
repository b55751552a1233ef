package dev.headgate.telemetry.trace;

import dev.headgate.exchange.Destination;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.Try;
import dev.headgate.telemetry.HttpNames;
import dev.headgate.telemetry.Outcomes;
import dev.headgate.telemetry.QueryNames;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.semconv.ClientAttributes;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.NetworkAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import io.opentelemetry.semconv.UserAgentAttributes;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What spans tell, by the stable names of OpenTelemetry's conventions for HTTP spans; what those
 * have no name for begins with {@code headgate.}. Values of query parameters are never told. Pure.
 */
final class SpanAttributes {
  static final int CLIENT_ERROR = 400;
  static final AttributeKey<String> DETAIL = AttributeKey.stringKey("headgate.detail");

  private static final AttributeKey<String> REQUEST_ID =
      AttributeKey.stringKey("headgate.request.id");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("headgate.route");
  private static final AttributeKey<String> VERSION = AttributeKey.stringKey("headgate.version");
  private static final AttributeKey<List<String>> FLAGS =
      AttributeKey.stringArrayKey("headgate.flags");
  private static final AttributeKey<String> UPSTREAM = AttributeKey.stringKey("headgate.upstream");
  private static final AttributeKey<String> ENDPOINT = AttributeKey.stringKey("headgate.endpoint");
  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("headgate.attempt");
  private static final AttributeKey<String> ATTEMPT_END =
      AttributeKey.stringKey("headgate.attempt.end");
  private static final AttributeKey<Boolean> HEDGE =
      AttributeKey.booleanKey("headgate.attempt.hedge");
  private static final String LET_GO = "cancelled";
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  private SpanAttributes() {}

  /** Of the exchange as the client sees it. */
  static Attributes server(GatewayExchange exchange, ExchangeTrace trace) {
    GatewayRequest request = exchange.request();
    ExchangeRecord record = exchange.record();
    AttributesBuilder to = Attributes.builder();
    method(request.method().name(), to);
    to.put(UrlAttributes.URL_SCHEME, request.scheme());
    to.put(UrlAttributes.URL_PATH, request.path());
    if (request.query() != null) {
      to.put(UrlAttributes.URL_QUERY, QueryNames.redacted(request.query()));
    }
    to.put(HttpAttributes.HTTP_ROUTE, trace.template());
    address(request, to);
    to.put(ClientAttributes.CLIENT_ADDRESS, request.client());
    InetAddress peer = request.remote().getAddress();
    if (peer != null) {
      to.put(NetworkAttributes.NETWORK_PEER_ADDRESS, peer.getHostAddress());
      to.put(NetworkAttributes.NETWORK_PEER_PORT, (long) request.remote().getPort());
    }
    to.put(NetworkAttributes.NETWORK_PROTOCOL_VERSION, version(request));
    to.put(
        UserAgentAttributes.USER_AGENT_ORIGINAL,
        exchange.headers().get(HttpHeaderNames.USER_AGENT));
    status(record.status(), to);
    to.put(ErrorAttributes.ERROR_TYPE, errorType(record));
    to.put(REQUEST_ID, exchange.requestId());
    to.put(ROUTE, record.route());
    to.put(VERSION, record.version());
    if (!record.flags().isEmpty()) {
      to.put(FLAGS, record.flags().stream().map(FailureReason::name).toList());
    }
    return to.build();
  }

  /**
   * Of one try.
   *
   * @param carrier the exchange that made it
   */
  static Attributes client(Try one, GatewayExchange carrier) {
    AttributesBuilder to = Attributes.builder();
    method(carrier.request().method().name(), to);
    Destination destination = one.destination();
    if (destination != null) {
      to.put(UrlAttributes.URL_FULL, url(destination, carrier));
      to.put(ServerAttributes.SERVER_ADDRESS, destination.host());
      to.put(ServerAttributes.SERVER_PORT, (long) destination.port());
      to.put(UPSTREAM, destination.upstream());
      to.put(ENDPOINT, destination.endpoint());
    }
    status(one.status(), to);
    if (one.number() > 1) {
      to.put(HttpAttributes.HTTP_REQUEST_RESEND_COUNT, one.number() - 1L);
    }
    to.put(ATTEMPT, (long) one.number());
    FailureReason failure = Outcomes.failure(one);
    to.put(ATTEMPT_END, end(one, failure));
    if (failure != null) {
      to.put(ErrorAttributes.ERROR_TYPE, failure.name());
    } else if (one.end() == Try.End.CANCELLED) {
      to.put(ErrorAttributes.ERROR_TYPE, LET_GO);
    } else if (one.status() >= CLIENT_ERROR) {
      to.put(ErrorAttributes.ERROR_TYPE, Integer.toString(one.status()));
    }
    if (one.hedge()) {
      to.put(HEDGE, true);
    }
    return to.build();
  }

  static Attributes of(Map<String, String> details) {
    AttributesBuilder to = Attributes.builder();
    details.forEach(to::put);
    return to.build();
  }

  private static String end(Try one, @Nullable FailureReason failure) {
    if (one.end() == Try.End.COMPLETE) {
      return "complete";
    }
    if (one.end() == null) {
      return "running";
    }
    return one.end() == Try.End.FAILED ? "failed" : failure == null ? LET_GO : "timed-out";
  }

  private static void method(String method, AttributesBuilder to) {
    String known = HttpNames.method(method);
    to.put(HttpAttributes.HTTP_REQUEST_METHOD, known);
    if (known.equals(HttpNames.OTHER)) {
      to.put(HttpAttributes.HTTP_REQUEST_METHOD_ORIGINAL, method);
    }
  }

  private static void status(int code, AttributesBuilder to) {
    // 499 was never sent.
    if (code > 0 && code != FailureReason.CLIENT_ABORTED.status()) {
      to.put(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, (long) code);
    }
  }

  private static @Nullable String errorType(ExchangeRecord record) {
    FailureReason reason = Outcomes.reason(record);
    if (reason != FailureReason.CLIENT_ABORTED && !Outcomes.failed(record)) {
      return null;
    }
    return reason == null ? Integer.toString(record.status()) : reason.name();
  }

  // Where the client said whom it asks, that; the port only where it said one.
  private static void address(GatewayRequest request, AttributesBuilder to) {
    if (request.host().isEmpty()) {
      return;
    }
    boolean bracketed = request.host().startsWith("[") && request.host().endsWith("]");
    to.put(
        ServerAttributes.SERVER_ADDRESS,
        bracketed ? request.host().substring(1, request.host().length() - 1) : request.host());
    String authority = request.authority();
    int colon = authority.lastIndexOf(':');
    String port = colon > authority.lastIndexOf(']') ? authority.substring(colon + 1) : "";
    if (PORT.matcher(port).matches()) {
      to.put(ServerAttributes.SERVER_PORT, Long.parseLong(port));
    }
  }

  private static String version(GatewayRequest request) {
    int major = request.version().majorVersion();
    return major >= 2 ? Integer.toString(major) : major + "." + request.version().minorVersion();
  }

  private static String url(Destination to, GatewayExchange carrier) {
    String asked = carrier.upstreamPath();
    String host = to.host().indexOf(':') >= 0 ? "[" + to.host() + "]" : to.host();
    String url = to.scheme() + "://" + host + ":" + to.port() + to.basePath() + asked;
    String query = carrier.upstreamQuery();
    return query == null ? url : url + "?" + QueryNames.redacted(query);
  }
}
