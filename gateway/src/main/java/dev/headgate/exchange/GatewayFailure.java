package dev.headgate.exchange;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The error signal of the chain. It carries no stack trace: it is an outcome, made once per failed
 * exchange, and where it was made is told by its reason.
 */
public final class GatewayFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureReason reason;
  private final transient List<Detail> details;
  private final transient Map<String, String> headers;
  private final int status;

  /** One thing that was wrong: a field of the request, and what about it. */
  public record Detail(String field, String message) {}

  private GatewayFailure(
      FailureReason reason,
      List<Detail> details,
      Map<String, String> headers,
      int status,
      @Nullable Throwable cause) {
    super(reason.message(), cause, false, false);
    this.reason = reason;
    this.details = details;
    this.headers = headers;
    this.status = status;
  }

  /** A failure that says no more than its reason does. */
  public static GatewayFailure of(FailureReason reason) {
    return new GatewayFailure(reason, List.of(), Map.of(), reason.status(), null);
  }

  /**
   * A failure with its cause kept for the log; the caller never sees it.
   *
   * @param cause what the library below reported
   */
  public static GatewayFailure of(FailureReason reason, Throwable cause) {
    return new GatewayFailure(reason, List.of(), Map.of(), reason.status(), cause);
  }

  /**
   * A failure the caller can mend.
   *
   * @param details what was wrong, shown to the caller
   */
  public static GatewayFailure of(FailureReason reason, List<Detail> details) {
    return new GatewayFailure(reason, List.copyOf(details), Map.of(), reason.status(), null);
  }

  /** The same with a response field that its status calls for, such as {@code Allow}. */
  public GatewayFailure withHeader(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new GatewayFailure(reason, details, Map.copyOf(all), status, getCause());
  }

  /** The same with another status than its reason's, where HTTP has one that says more. */
  public GatewayFailure withStatus(int code) {
    return new GatewayFailure(reason, details, headers, code, getCause());
  }

  /** The failure behind any error signal; what is not ours is {@code INTERNAL_ERROR}. */
  public static GatewayFailure from(Throwable error) {
    return error instanceof GatewayFailure failure
        ? failure
        : of(FailureReason.INTERNAL_ERROR, error);
  }

  /** Fields of the error response beside those every error has. */
  public Map<String, String> headers() {
    return headers;
  }

  /** The HTTP status a caller gets: the reason's, unless set. */
  public int status() {
    return status;
  }

  public FailureReason reason() {
    return reason;
  }

  /** What was wrong, for the caller; empty where the reason says it all. */
  public List<Detail> details() {
    return details;
  }
}
