package dev.headgate.telemetry.trace;

import dev.headgate.telemetry.HttpNames;
import org.jspecify.annotations.Nullable;

/** Names of spans (OpenTelemetry's conventions for HTTP spans, "Name"). Pure. */
final class SpanNames {
  private static final String ANY_METHOD = "HTTP";

  private SpanNames() {}

  /**
   * @param template the route's path; null where there is none
   */
  static String server(String method, @Nullable String template) {
    return template == null ? client(method) : client(method) + " " + template;
  }

  static String client(String method) {
    String known = HttpNames.method(method);
    return known.equals(HttpNames.OTHER) ? ANY_METHOD : known;
  }
}
