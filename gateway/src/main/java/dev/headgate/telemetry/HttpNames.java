package dev.headgate.telemetry;

import java.util.List;

/** What of HTTP becomes a label, from closed sets. Pure. */
public final class HttpNames {
  /**
   * The methods told apart, as OpenTelemetry's conventions have them ({@code http.request.method}):
   * those of RFC 9110, PATCH and QUERY.
   */
  public static final List<String> METHODS =
      List.of(
          "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "QUERY");

  /** All other methods. */
  public static final String OTHER = "_OTHER";

  private static final List<String> CLASSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");
  private static final int CENTURY = 100;

  private HttpNames() {}

  /** The method, or {@link #OTHER}. */
  public static String method(String method) {
    int index = METHODS.indexOf(method);
    return index < 0 ? OTHER : METHODS.get(index);
  }

  /** {@code 1xx} to {@code 5xx}; {@code none} where there is no status. */
  public static String statusClass(int status) {
    int index = status / CENTURY;
    return CLASSES.get(index < CLASSES.size() ? index : 0);
  }
}
