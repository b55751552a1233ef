package dev.headgate.contract.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The traces of a gateway's requests, as its collector gets them. */
public final class Traces implements AutoCloseable {
  private static final String[] SHOWN = {
    "http.route",
    "http.response.status_code",
    "http.request.resend_count",
    "error.type",
    "headgate.version",
    "headgate.attempt",
    "headgate.attempt.end",
    "headgate.attempt.hedge",
    "headgate.upstream",
    "headgate.wait.end",
    "headgate.flags"
  };

  private final OtlpReceiver collector = OtlpReceiver.start();
  private final Map<String, String> seen = new ConcurrentHashMap<>();

  /** What the gateway is started with: every request is sampled, and soon exported. */
  public String[] settings() {
    return new String[] {
      "--management.opentelemetry.tracing.export.otlp.endpoint=" + collector.traces(),
      "--management.opentelemetry.tracing.export.schedule-delay=100ms",
      "--management.tracing.sampling.probability=1.0"
    };
  }

  public Spans spans() {
    return collector.spans();
  }

  /** The trace id in the access log's line of this answer. */
  public static String idOf(Response response, SharedGateway gateway) {
    String id = response.need("x-request-id");
    return gateway.process().awaitAccess(id).path("traceId").asString("");
  }

  /** The trace id in the access log's line of this path. */
  public static String idOf(String path, SharedGateway gateway) {
    return gateway
        .process()
        .awaitAccess(line -> line.path("path").asString("").equals(path))
        .path("traceId")
        .asString("");
  }

  /** The trace is this within ten seconds, in the form of {@link Spans#tree}. */
  public void assertTrace(String traceId, String expected) {
    assertThat(traceId).matches("[0-9a-f]{32}");
    Eventually.holds(() -> assertThat(spans().tree(traceId, SHOWN)).isEqualTo(expected));
    seen.put(traceId, expected);
  }

  /** No trace that was asserted has grown since. */
  public void assertNothingCameLate() {
    seen.forEach((id, tree) -> assertThat(spans().tree(id, SHOWN)).isEqualTo(tree));
  }

  @Override
  public void close() {
    collector.close();
  }
}
