package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.GatewayProcess;
import dev.headgate.contract.harness.OtlpGrpcReceiver;
import dev.headgate.contract.harness.OtlpReceiver;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Spans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which spans are exported, and what becomes of requests where they cannot be. */
class SpanExportIT {
  private static final String ENDPOINT = "--management.opentelemetry.tracing.export.otlp.endpoint=";
  private static final String SOON =
      "--management.opentelemetry.tracing.export.schedule-delay=100ms";
  private static final String ALL = "--management.tracing.sampling.probability=1.0";
  private static final String PARENT = "b7ad6b7169203331";

  private static final OtlpReceiver COLLECTOR = OtlpReceiver.start();
  private static final ScriptedUpstream SERVICE =
      ScriptedUpstream.playing(
          connection -> {
            for (Received next = connection.read(); next != null; next = connection.read()) {
              if (next.target().contains("slow")) {
                connection.pause(Duration.ofMillis(600));
              }
              connection.write(
                  next.target().contains("503")
                      ? Answer.of("503 Service Unavailable", "down")
                      : Answer.ok("fine"));
            }
          });

  /** Samples nothing of its own. */
  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          repo(),
          ENDPOINT + COLLECTOR.traces(),
          SOON,
          "--management.tracing.sampling.probability=0",
          "--headgate.tracing.trust=everyone",
          "--headgate.tracing.always.slower-than=500ms");

  private static ConfigRepo repo() {
    return ConfigRepo.create()
        .with("service", SERVICE.url())
        .upstreams("upstreams: {u: {endpoints: [\"@service@\"], circuit-breaker: none}}")
        .routes("routes: {all: {match: {path: /**}, upstream: u, retry: {max-attempts: 1}}}");
  }

  @AfterAll
  static void stop() {
    COLLECTOR.close();
  }

  /** Asks with a trace of its own, begun elsewhere. */
  private static void ask(String target, String traceId, String flags) throws Exception {
    String context = "traceparent: 00-" + traceId + "-" + PARENT + "-" + flags;
    RawHttp.get(GATEWAY.port(), target, context);
  }

  private static String traceId(int n) {
    return "0af7651916cd43dd8448eb211c80319" + n;
  }

  @Test
  void ofUnsampledRequestsOnlyTheFailedAndTheSlowAreExported() throws Exception {
    SERVICE.forget();
    ask("/fine", traceId(1), "00");
    assertThat(SERVICE.take().header("traceparent")).startsWith("00-" + traceId(1)).endsWith("-00");
    ask("/slow", traceId(2), "00");
    ask("/503", traceId(3), "00");
    for (int n = 2; n <= 3; n++) {
      Span server = COLLECTOR.spans().await(traceId(n), Span.SpanKind.SPAN_KIND_SERVER);
      assertThat(Spans.hex(server.getParentSpanId())).isEqualTo(PARENT);
      Span client = COLLECTOR.spans().await(traceId(n), Span.SpanKind.SPAN_KIND_CLIENT);
      assertThat(client.getParentSpanId()).isEqualTo(server.getSpanId());
    }
    assertThat(COLLECTOR.spans().of(traceId(1))).isEmpty();
  }

  @Test
  void whatBeginsHereIsNotSampledAndAFailureStillExported() throws Exception {
    SERVICE.forget();
    RawHttp.get(GATEWAY.port(), "/fine");
    String fine = String.valueOf(SERVICE.take().header("traceparent"));
    RawHttp.get(GATEWAY.port(), "/503");
    String failed = String.valueOf(SERVICE.take().header("traceparent"));
    assertThat(fine).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[02]");
    COLLECTOR.spans().await(failed.substring(3, 35), Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(COLLECTOR.spans().of(fine.substring(3, 35))).isEmpty();
  }

  @Test
  void whatTheCallerSampledIsExported() throws Exception {
    SERVICE.forget();
    ask("/fine", traceId(4), "01");
    assertThat(SERVICE.take().header("traceparent")).endsWith("-01");
    COLLECTOR.spans().await(traceId(4), Span.SpanKind.SPAN_KIND_SERVER);
    Eventually.holds(
        () ->
            assertThat(GATEWAY.process().metrics())
                .containsPattern("headgate_spans_exported_total [1-9]"));
  }

  @Test
  void aCollectorThatRefusesIsCounted() throws Exception {
    try {
      COLLECTOR.failing(400);
      ask("/fine", traceId(5), "01");
      awaitDropped(GATEWAY.process(), "export_failed");
      assertThat(COLLECTOR.spans().of(traceId(5))).isEmpty();
    } finally {
      COLLECTOR.failing(200);
    }
  }

  @Test
  void aDeadCollectorCostsNothingButCountedDrops() throws Exception {
    try (GatewayProcess gateway =
        GatewayProcess.start(
            "SpanExportIT-dead", repo(), ENDPOINT + OtlpReceiver.deadTraces(), SOON, ALL)) {
      serve(gateway, 50);
      awaitDropped(gateway, "export_failed");
      serve(gateway, 50);
      assertThat(gateway.metrics()).doesNotContainPattern("headgate_spans_exported_total [1-9]");
      gateway.assertNoLeakLogged();
    }
  }

  @Test
  void norDoesOneThatHangs() throws Exception {
    try (OtlpReceiver hanging = OtlpReceiver.start().silent();
        GatewayProcess gateway =
            GatewayProcess.start(
                "SpanExportIT-hanging",
                repo(),
                ENDPOINT + hanging.traces(),
                SOON,
                ALL,
                "--management.opentelemetry.tracing.export.max-queue-size=64",
                "--management.opentelemetry.tracing.export.max-batch-size=32")) {
      serve(gateway, 300);
      awaitDropped(gateway, "queue_full");
      serve(gateway, 50);
      assertThat(hanging.requests()).isPositive();
      gateway.terminate();
      assertThat(gateway.awaitExit(Duration.ofSeconds(30))).isIn(0, 143);
      gateway.assertNoLeakLogged();
    }
  }

  @Test
  void spansGoByGrpcToo() throws Exception {
    try (OtlpGrpcReceiver collector = OtlpGrpcReceiver.start();
        GatewayProcess gateway =
            GatewayProcess.start(
                "SpanExportIT-grpc",
                repo(),
                ENDPOINT + collector.url(),
                "--management.opentelemetry.tracing.export.otlp.transport=grpc",
                SOON,
                ALL)) {
      SERVICE.forget();
      serve(gateway, 1);
      String sent = String.valueOf(SERVICE.take().header("traceparent"));
      Span client = collector.spans().await(sent.substring(3, 35), Span.SpanKind.SPAN_KIND_CLIENT);
      assertThat(Spans.hex(client.getSpanId())).isEqualTo(sent.substring(36, 52));
      assertThat(collector.method())
          .isEqualTo("/opentelemetry.proto.collector.trace.v1.TraceService/Export");
    }
  }

  /** As ever: each request is answered, and none waits for a collector. */
  private static void serve(GatewayProcess gateway, int times) throws Exception {
    try (RawHttp http = RawHttp.to(gateway.port())) {
      http.readTimeout(Duration.ofSeconds(3));
      for (int i = 0; i < times; i++) {
        assertThat(http.request("GET /fine").response("GET").text()).isEqualTo("fine");
      }
    }
  }

  private static void awaitDropped(GatewayProcess gateway, String reason) {
    Eventually.holds(
        () ->
            assertThat(gateway.metrics())
                .containsPattern(
                    "headgate_spans_dropped_total\\{reason=\"" + reason + "\"} [1-9]"));
  }
}
