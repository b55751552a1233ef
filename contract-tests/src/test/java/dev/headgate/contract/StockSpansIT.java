package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Spans;
import dev.headgate.contract.harness.Traces;
import io.opentelemetry.proto.trace.v1.Span;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What stock Spring Cloud Gateway routes, and ours mounted on them, have of traces. */
@Once
class StockSpansIT {
  private static final Traces TRACES = new Traces();
  private static final ScriptedUpstream SERVICE =
      ScriptedUpstream.playing(
          connection -> {
            for (Received next = connection.read(); next != null; next = connection.read()) {
              if (next.target().endsWith("/silent")) {
                connection.awaitEnd();
                return;
              }
              connection.ok("fine");
            }
          });

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("service", SERVICE.url())
              .with("closed", ScriptedUpstream.closedPort())
              .gateway(
                  """
                  spring.cloud.gateway.server.webflux.routes:
                    - {id: stock, uri: "@service@", predicates: [Path=/stock/**]}
                    - {id: stock-closed, uri: "http://127.0.0.1:@closed@", predicates: [Path=/stock-closed/**]}
                    - {id: mounted, uri: "no://op", predicates: [Path=/mounted/**], filters: [Headgate=orders]}
                  """)
              .upstreams("upstreams: {shop: {endpoints: [\"@service@\"]}}")
              .routes("routes: {orders: {match: {path: /orders/**}, upstream: shop}}"),
          TRACES.settings());

  private static Response get(String target, String... fields) throws Exception {
    return RawHttp.get(GATEWAY.port(), target, fields);
  }

  private static String trace(Response response) {
    return Traces.idOf(response, GATEWAY);
  }

  @BeforeEach
  void forget() {
    SERVICE.forget();
  }

  @AfterAll
  static void nothingCameLateAndSpringMadeNone() {
    TRACES.assertNothingCameLate();
    assertThat(TRACES.spans().all())
        .allSatisfy(
            span ->
                assertThat(Spans.attributes(span).keySet())
                    .anyMatch(name -> name.startsWith("headgate.")));
    TRACES.close();
  }

  private static void abort(String target) throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("GET " + target);
      SERVICE.take();
      http.reset();
    }
  }

  @Test
  void aStockRouteHasASpanAndTheServiceItsId() throws Exception {
    String trace = trace(get("/stock/4711?token=s3cret"));
    TRACES.assertTrace(
        trace,
        """
        SERVER GET http.response.status_code=200
        """);
    Span server = TRACES.spans().await(trace, Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(Spans.attributes(server)).containsEntry("url.query", "token=REDACTED");
    assertThat(SERVICE.take().headers("traceparent"))
        .singleElement()
        .asString()
        .isEqualTo("00-" + trace + "-" + Spans.hex(server.getSpanId()) + "-03");
  }

  @Test
  void aStrangersContextIsNotHandedOn() throws Exception {
    String stranger = "0af7651916cd43dd8448eb211c80319c";
    String context = "traceparent: 00-" + stranger + "-b7ad6b7169203331-01";
    String trace = trace(get("/stock/a", context, "tracestate: a=1", "baggage: user=alice"));
    assertThat(trace).isNotEqualTo(stranger);
    Received request = SERVICE.take();
    assertThat(request.header("traceparent")).startsWith("00-" + trace);
    assertThat(request.headers("tracestate")).isEmpty();
    assertThat(request.headers("baggage")).isEmpty();
  }

  @Test
  void itsFailureIsAnError() throws Exception {
    Response response = get("/stock-closed/a");
    String trace = trace(response);
    Span server = TRACES.spans().await(trace, Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(Spans.attributes(server))
        .containsEntry("http.response.status_code", Integer.toString(response.status()))
        .containsKey("error.type");
    assertThat(response.json().at("/meta/traceId").asString("")).isEqualTo(trace);
  }

  @Test
  void aClientThatGoesEndsIt() throws Exception {
    abort("/stock/silent");
    TRACES.assertTrace(
        Traces.idOf("/stock/silent", GATEWAY),
        """
        SERVER GET error.type=CLIENT_ABORTED headgate.flags=[CLIENT_ABORTED]
        """);
  }

  @Test
  void whatNobodyKnowsHasOneToo() throws Exception {
    String trace = trace(get("/nowhere/4711"));
    Span server = TRACES.spans().await(trace, Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(server.getName()).isEqualTo("GET");
    assertThat(Spans.attributes(server)).containsEntry("http.response.status_code", "404");
  }

  @Test
  void aMountedRouteIsTracedLikeOurs() throws Exception {
    TRACES.assertTrace(
        trace(get("/mounted/a")),
        """
        SERVER GET /orders/** http.route=/orders/** http.response.status_code=200
          CLIENT GET http.response.status_code=200 headgate.attempt=1 headgate.attempt.end=complete headgate.upstream=shop
        """);
    SERVICE.forget();
    abort("/mounted/silent");
    TRACES.assertTrace(
        Traces.idOf("/mounted/silent", GATEWAY),
        """
        SERVER GET /orders/** http.route=/orders/** error.type=CLIENT_ABORTED headgate.flags=[CLIENT_ABORTED]
          CLIENT GET error.type=cancelled headgate.attempt=1 headgate.attempt.end=cancelled headgate.upstream=shop
        """);
  }
}
