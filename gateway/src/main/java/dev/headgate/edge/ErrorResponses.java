package dev.headgate.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayFailure.Detail;
import dev.headgate.exchange.GatewayResponse;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body of every failure the gateway answers itself: the project's envelope, or problem details
 * (RFC 9457) where the client prefers them. What went wrong between gateway and service is told by
 * {@code Proxy-Status} (RFC 9209).
 */
public final class ErrorResponses {
  /** The name in {@code Proxy-Status} and {@code Via}. */
  static final String INTERMEDIARY = "headgate";

  // RFC 5842 section 7.2; not among Netty's.
  private static final HttpResponseStatus LOOP = new HttpResponseStatus(508, "Loop Detected");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ErrorResponses() {}

  private record Envelope(Told error, Meta meta) {}

  private record Told(String code, String message, List<Detail> details) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Meta(String requestId, @Nullable String traceId) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Problem(
      String type,
      String title,
      int status,
      String code,
      List<Detail> details,
      String requestId,
      @Nullable String traceId) {}

  /**
   * @param accept the request's {@code Accept}, all its lines joined, or null
   */
  static GatewayResponse render(GatewayFailure failure, @Nullable String accept, RequestIds ids) {
    FailureReason reason = failure.reason();
    boolean problem = prefersProblem(accept);
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set(
        HttpHeaderNames.CONTENT_TYPE,
        problem ? MediaType.APPLICATION_PROBLEM_JSON_VALUE : MediaType.APPLICATION_JSON_VALUE);
    for (Map.Entry<String, String> field : failure.headers().entrySet()) {
      headers.set(field.getKey(), field.getValue());
    }
    if (reason.proxyError() != null) {
      headers.set("proxy-status", proxyStatus(reason.proxyError()));
    }
    byte[] body = body(failure, problem, ids);
    return new GatewayResponse(
        reason == FailureReason.LOOP_DETECTED ? LOOP : HttpResponseStatus.valueOf(failure.status()),
        headers,
        new FullBody(Unpooled.wrappedBuffer(body)));
  }

  /** A field value of RFC 9209 with one entry, ours. */
  static String proxyStatus(String error) {
    return INTERMEDIARY + "; error=" + error;
  }

  /** The body alone, for the failures that Spring's side of the port renders. */
  static byte[] body(GatewayFailure failure, boolean problem, RequestIds ids) {
    FailureReason reason = failure.reason();
    return JSON.writeValueAsBytes(
        problem
            ? new Problem(
                "about:blank",
                reason.message(),
                failure.status(),
                reason.name(),
                failure.details(),
                ids.requestId(),
                ids.traceId())
            : new Envelope(
                new Told(reason.name(), reason.message(), failure.details()),
                new Meta(ids.requestId(), ids.traceId())));
  }

  /** Whether problem details come before plain JSON in an {@code Accept}. */
  public static boolean prefersProblem(@Nullable String accept) {
    if (accept == null || !accept.toLowerCase(Locale.ROOT).contains("problem+json")) {
      return false;
    }
    try {
      List<MediaType> ranges = MediaType.parseMediaTypes(accept);
      return quality(ranges, MediaType.APPLICATION_PROBLEM_JSON)
          >= Math.max(Double.MIN_VALUE, quality(ranges, MediaType.APPLICATION_JSON));
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }

  // Only what is named counts: */* says nothing of problem details.
  private static double quality(List<MediaType> ranges, MediaType wanted) {
    return ranges.stream()
        .filter(wanted::equalsTypeAndSubtype)
        .mapToDouble(MediaType::getQualityValue)
        .max()
        .orElse(0);
  }
}
