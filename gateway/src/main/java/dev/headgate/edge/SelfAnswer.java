package dev.headgate.edge;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayFailure.Detail;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Requests that are meant for the gateway itself: {@code TRACE} and {@code OPTIONS} that may go no
 * further (RFC 9110 section 7.6.2), and {@code OPTIONS *} that no route takes.
 */
final class SelfAnswer {
  private static final AsciiString MAX_FORWARDS = AsciiString.cached("max-forwards");

  /** As many as a {@code long} surely holds. */
  private static final int MAX_DIGITS = 18;

  /** What may be asked of the server as a whole, where no route answers for everything in it. */
  static final Next OPTIONS = exchange -> Mono.fromSupplier(SelfAnswer::options);

  private static final String ALLOW = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE";

  /** What a TRACE must not send back (RFC 9110 section 9.3.8). */
  private static final Set<AsciiString> SENSITIVE =
      Set.of(
          HttpHeaderNames.AUTHORIZATION,
          HttpHeaderNames.COOKIE,
          HttpHeaderNames.PROXY_AUTHORIZATION);

  private SelfAnswer() {}

  /**
   * The answer, or null where the request goes on; then its {@code Max-Forwards} is one less.
   *
   * @throws GatewayFailure where the field is not one number
   */
  static @Nullable Next to(GatewayRequest request, HttpHeaders headers) {
    boolean options = request.method().equals(HttpMethod.OPTIONS);
    if (!options && !request.method().equals(HttpMethod.TRACE)) {
      return null;
    }
    List<String> left = headers.getAll(MAX_FORWARDS);
    if (left.isEmpty()) {
      return null;
    }
    long forwards = number(left.size() == 1 ? left.get(0) : "");
    if (forwards > 0) {
      headers.set(MAX_FORWARDS, Long.toString(forwards - 1));
      return null;
    }
    return options
        ? OPTIONS
        : exchange -> Mono.fromSupplier(() -> trace(request, exchange.headers()));
  }

  private static long number(String text) {
    String digits = text.strip();
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw GatewayFailure.of(
          FailureReason.BAD_REQUEST, List.of(new Detail("max-forwards", "is not one number")));
    }
    return digits.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  private static GatewayResponse options() {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set(HttpHeaderNames.ALLOW, ALLOW);
    return new GatewayResponse(HttpResponseStatus.OK, headers, Body.EMPTY);
  }

  private static GatewayResponse trace(GatewayRequest request, HttpHeaders received) {
    StringBuilder echoed = new StringBuilder(256);
    echoed.append(request.method()).append(' ').append(request.path());
    if (request.query() != null) {
      echoed.append('?').append(request.query());
    }
    echoed.append(" HTTP/1.1\r\n");
    for (Map.Entry<String, String> field : received) {
      if (!SENSITIVE.contains(AsciiString.of(field.getKey()).toLowerCase())) {
        echoed.append(field.getKey()).append(": ").append(field.getValue()).append("\r\n");
      }
    }
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set(HttpHeaderNames.CONTENT_TYPE, "message/http");
    return new GatewayResponse(
        HttpResponseStatus.OK, headers, FullBody.ofText(echoed.append("\r\n").toString()));
  }
}
