package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Spans;
import dev.headgate.contract.harness.Traces;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose trace context is continued, whose is only linked to, and which formats it may have. */
@Once
class TraceTrustIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String[] CONTEXT = {
    "traceparent: 00-" + TRACE + "-" + PARENT + "-01",
    "tracestate: foo=1,bar=2",
    "baggage: user=alice;p=1, region=eu"
  };

  private static final Traces TRACES = new Traces();
  private static final ScriptedUpstream SERVICE =
      ScriptedUpstream.answering(request -> Answer.ok("fine"));

  /** Believes 127.0.0.2 and nobody else, the default. */
  @RegisterExtension
  static final SharedGateway PROXIED =
      gateway("proxied", "--headgate.trusted-proxies=127.0.0.2/32", "--headgate.tracing.baggage=*");

  @RegisterExtension
  static final SharedGateway NOBODY =
      gateway(
          "nobody",
          "--headgate.trusted-proxies=127.0.0.0/8",
          "--headgate.tracing.trust=nobody",
          "--headgate.tracing.baggage=*");

  /** No part in traces. */
  @RegisterExtension
  static final SharedGateway OFF = gateway("off", "--management.tracing.export.enabled=false");

  /** Every format, and no collector. */
  @RegisterExtension
  static final SharedGateway FORMATS =
      SharedGateway.over(
              repo(),
              "--headgate.tracing.trust=everyone",
              "--management.tracing.sampling.probability=1.0",
              "--management.tracing.propagation.consume=W3C,B3,B3_MULTI",
              "--management.tracing.propagation.produce=W3C,B3,B3_MULTI")
          .named("TraceTrustIT-formats");

  private static ConfigRepo repo() {
    return ConfigRepo.create()
        .with("service", SERVICE.url())
        .upstreams("upstreams: {u: {endpoints: [\"@service@\"]}}")
        .routes("routes: {all: {match: {path: /**}, upstream: u}}");
  }

  private static SharedGateway gateway(String name, String... settings) {
    String[] all =
        Stream.concat(Arrays.stream(TRACES.settings()), Arrays.stream(settings))
            .toArray(String[]::new);
    return SharedGateway.over(repo(), all).named("TraceTrustIT-" + name);
  }

  @BeforeEach
  void forget() {
    SERVICE.forget();
  }

  @AfterAll
  static void stop() {
    TRACES.close();
  }

  private static String traceOf(Received request) {
    assertThat(request.headers("traceparent")).hasSize(1);
    String parent = Objects.requireNonNull(request.header("traceparent"));
    assertThat(parent).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    return parent.substring(3, 35);
  }

  private static Span server(String traceId) {
    return TRACES.spans().await(traceId, Span.SpanKind.SPAN_KIND_SERVER);
  }

  @Test
  void aTrustedProxysTraceIsContinuedAndItsBaggageKept() throws Exception {
    try (RawHttp http = RawHttp.from("127.0.0.2", PROXIED.port())) {
      http.request("GET /a", CONTEXT).response("GET");
    }
    Received request = SERVICE.take();
    assertThat(traceOf(request)).isEqualTo(TRACE);
    assertThat(request.headers("tracestate")).containsExactly("foo=1,bar=2");
    assertThat(String.join(",", request.headers("baggage")).replace(" ", ""))
        .isEqualTo("user=alice;p=1,region=eu");
    assertThat(Spans.hex(server(TRACE).getParentSpanId())).isEqualTo(PARENT);
    assertThat(server(TRACE).getLinksList()).isEmpty();
    assertThat(server(TRACE).getTraceState()).isEqualTo("foo=1,bar=2");
  }

  @Test
  void aStrangersTraceIsOnlyLinkedTo() throws Exception {
    RawHttp.get(PROXIED.port(), "/a", CONTEXT);
    assertLinked(SERVICE.take());
    RawHttp.get(NOBODY.port(), "/a", CONTEXT);
    assertLinked(SERVICE.take());
  }

  private static void assertLinked(Received request) {
    assertThat(traceOf(request)).isNotEqualTo(TRACE);
    assertThat(request.headers("tracestate")).isEmpty();
    assertThat(request.headers("baggage")).isEmpty();
    Span server = server(traceOf(request));
    assertThat(server.getParentSpanId()).isEmpty();
    assertThat(server.getTraceState()).isEmpty();
    assertThat(server.getLinksList()).hasSize(1);
    assertThat(Spans.hex(server.getLinks(0).getTraceId())).isEqualTo(TRACE);
    assertThat(Spans.hex(server.getLinks(0).getSpanId())).isEqualTo(PARENT);
  }

  @Test
  void aStrangersBrokenContextIsNotLinkedTo() throws Exception {
    RawHttp.get(NOBODY.port(), "/a", "traceparent: 00-" + TRACE + "-0000000000000000-01");
    assertThat(server(traceOf(SERVICE.take())).getLinksList()).isEmpty();
  }

  @Test
  void whereTracesAreOffTheFieldsPassAsTheyCame() throws Exception {
    String[] fields = {
      "traceparent: broken",
      "traceparent: 00-" + TRACE + "-" + PARENT + "-ff",
      "tracestate: foo=1 ,, foo=2",
      "tracestate: BAR",
      "baggage: user=alice",
      "b3: 0",
      "X-B3-TraceId: 1"
    };
    RawHttp.get(OFF.port(), "/a", fields);
    assertThat(SERVICE.take().head().lines())
        .filteredOn(line -> line.matches("(?i)(trace|b3|x-b3|baggage).*"))
        .containsExactly(fields);
    RawHttp.get(OFF.port(), "/a");
    assertThat(SERVICE.take().head().lines()).noneMatch(line -> line.matches("(?i)(trace|b3).*"));
  }

  @Test
  void withoutACollectorTheContextIsPassedOn() throws Exception {
    RawHttp.get(FORMATS.port(), "/a", CONTEXT);
    Received request = SERVICE.take();
    assertThat(traceOf(request)).isEqualTo(TRACE);
    assertThat(request.headers("tracestate")).containsExactly("foo=1,bar=2");
    assertThat(request.headers("baggage")).as("off unless named").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b3: " + TRACE + "-" + PARENT + "-1",
        "b3: " + TRACE + "-" + PARENT + "-1-05e3ac9a4f6e3b90",
        "b3: " + TRACE + "-" + PARENT + "-d",
        "X-B3-TraceId: " + TRACE + "\r\nX-B3-SpanId: " + PARENT + "\r\nX-B3-Sampled: 1",
        "X-B3-TraceId: " + TRACE + "\r\nX-B3-SpanId: " + PARENT + "\r\nX-B3-Flags: 1",
        "traceparent: 00-" + TRACE + "-" + PARENT + "-01"
      })
  void everyFormatIsReadAndEveryFormatWritten(String fields) throws Exception {
    RawHttp.get(FORMATS.port(), "/a", fields);
    Received request = SERVICE.take();
    assertThat(traceOf(request)).isEqualTo(TRACE);
    String span = Objects.requireNonNull(request.header("traceparent")).substring(36, 52);
    assertThat(span).isNotEqualTo(PARENT);
    assertThat(request.headers("b3"))
        .singleElement()
        .asString()
        .startsWith(TRACE + "-" + span + "-");
    assertThat(request.headers("x-b3-traceid")).containsExactly(TRACE);
    assertThat(request.headers("x-b3-spanid")).containsExactly(span);
    assertThat(request.header("traceparent")).matches(".*-0[13]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b3: " + TRACE + "-" + PARENT + "-0",
        "X-B3-TraceId: " + TRACE + "\r\nX-B3-SpanId: " + PARENT + "\r\nX-B3-Sampled: 0"
      })
  void notSampledIsSaidInEveryFormat(String fields) throws Exception {
    RawHttp.get(FORMATS.port(), "/a", fields);
    Received request = SERVICE.take();
    assertThat(request.header("traceparent")).matches("00-" + TRACE + "-[0-9a-f]{16}-00");
    assertThat(request.header("b3")).matches(TRACE + "-[0-9a-f]{16}-0");
    assertThat(request.headers("x-b3-sampled")).containsExactly("0");
  }

  @Test
  void aRequestWithoutAnyOfThemBeginsATrace() throws Exception {
    assertThat(RawHttp.get(FORMATS.port(), "/a").status()).isEqualTo(200);
    assertThat(traceOf(SERVICE.take())).isNotEqualTo(TRACE);
  }

  @Test
  void aShortIdOfB3IsPaddedAndABrokenOneIgnored() throws Exception {
    RawHttp.get(FORMATS.port(), "/a", "b3: " + TRACE.substring(16) + "-" + PARENT + "-1");
    assertThat(traceOf(SERVICE.take())).isEqualTo("0".repeat(16) + TRACE.substring(16));
    for (String broken :
        new String[] {TRACE + "-xyz-1", TRACE, "0".repeat(32) + "-" + PARENT + "-1", ""}) {
      assertThat(RawHttp.get(FORMATS.port(), "/a", "b3: " + broken).status()).isEqualTo(200);
      assertThat(traceOf(SERVICE.take())).doesNotContain(TRACE.substring(16)).doesNotMatch("0+");
    }
  }
}
