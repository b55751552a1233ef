package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Spans;
import dev.headgate.contract.harness.Traces;
import dev.headgate.contract.harness.UpstreamConnection;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The span tree of every kind of exchange, as a collector gets it. */
class TracingIT {
  private static final Traces TRACES = new Traces();
  private static final Semaphore GO_ON = new Semaphore(0);
  private static final Set<String> ASKED = ConcurrentHashMap.newKeySet();

  private static final ScriptedUpstream SERVICE = ScriptedUpstream.playing(TracingIT::play);

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("service", SERVICE.url())
              .with("closed", ScriptedUpstream.closedPort())
              .upstreams(
                  """
                  upstreams:
                    shop: {endpoints: ["@service@"], circuit-breaker: none, retry-budget: {percent: 100%, minimum-per-second: 1000}}
                    closed: {endpoints: ["http://127.0.0.1:@closed@"]}
                    flaky: {endpoints: ["@service@"], circuit-breaker: {window: 10, minimum-calls: 10, open-for: 1m}}
                    narrow: {endpoints: ["@service@"], bulkhead: {max-concurrent: 1, max-waiting: 1, max-wait: 5s}}
                    brief: {endpoints: ["@service@"], bulkhead: {max-concurrent: 1, max-waiting: 1, max-wait: 50ms}}
                  """)
              .routes(
                  """
                  routes:
                    orders: {match: {path: /orders/**}, upstream: shop}
                    per-try: {match: {path: /per-try/**}, upstream: shop, timeout: {total: 10s, per-try: 200ms}, retry: {max-attempts: 1}}
                    total: {match: {path: /total/**}, upstream: shop, timeout: {total: 300ms}, retry: {max-attempts: 1}}
                    flaky: {match: {path: /flaky/**}, upstream: flaky, retry: {max-attempts: 1}}
                    narrow: {match: {path: /narrow/**}, upstream: narrow, retry: {max-attempts: 1}}
                    brief: {match: {path: /brief/**}, upstream: brief, retry: {max-attempts: 1}}
                    hedged: {match: {path: /hedged/**}, upstream: shop, hedge: {after: 100ms, max-extra-load: 100%}}
                    fallback: {match: {path: /fallback/**}, upstream: closed, retry: {max-attempts: 1}, fallback: {status: 200, body: calm}}
                  """),
          TRACES.settings());

  /** The last word of the path says what becomes of the request. */
  private static void play(UpstreamConnection connection) throws Exception {
    for (Received next = connection.read(); next != null; next = connection.read()) {
      String target = next.target();
      boolean first = ASKED.add(target);
      String what = target.replaceAll("\\?.*", "").replaceAll(".*/", "");
      switch (what) {
        case "503" -> connection.write(Answer.of("503 Service Unavailable", "down"));
        case "404" -> connection.write(Answer.of("404 Not Found", "none"));
        case "hold" -> {
          GO_ON.acquire();
          connection.ok("held");
        }
        case "silent", "stalls-once", "reset-once", "endless", "cut" -> {
          if (!first && what.endsWith("-once")) {
            connection.ok("well");
          } else {
            if (what.equals("endless") || what.equals("cut")) {
              connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegun");
            }
            if (what.equals("reset-once")) {
              connection.reset();
            } else if (!what.equals("cut")) {
              connection.awaitEnd();
            }
            return;
          }
        }
        default -> connection.ok("fine");
      }
    }
  }

  private static Response get(String target, String... fields) throws Exception {
    return RawHttp.get(GATEWAY.port(), target, fields);
  }

  private static String trace(Response response) {
    return Traces.idOf(response, GATEWAY);
  }

  @BeforeEach
  void forget() {
    SERVICE.forget();
    GO_ON.drainPermits();
  }

  @AfterAll
  static void nothingCameLate() {
    TRACES.assertNothingCameLate();
    TRACES.close();
  }

  @Test
  void aSuccessHasOneTry() throws Exception {
    TRACES.assertTrace(
        trace(get("/orders/1")),
        """
        SERVER GET /orders/** http.route=/orders/** http.response.status_code=200
          CLIENT GET http.response.status_code=200 headgate.attempt=1 headgate.attempt.end=complete headgate.upstream=shop
        """);
  }

  @Test
  void aRetryIsAnEventAndATryOfItsOwn() throws Exception {
    String trace = trace(get("/orders/1/reset-once"));
    TRACES.assertTrace(
        trace,
        """
        SERVER GET /orders/** http.route=/orders/** http.response.status_code=200
          event retry headgate.detail=UPSTREAM_RESET
          CLIENT GET ERROR error.type=UPSTREAM_RESET headgate.attempt=1 headgate.attempt.end=failed headgate.upstream=shop
          CLIENT GET http.response.status_code=200 http.request.resend_count=1 headgate.attempt=2 headgate.attempt.end=complete headgate.upstream=shop
        """);
    List<String> tries =
        TRACES.spans().of(trace).stream()
            .filter(span -> span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT)
            .map(span -> "00-" + trace + "-" + Spans.hex(span.getSpanId()))
            .toList();
    assertThat(SERVICE.take().header("traceparent")).startsWith(tries.get(0));
    assertThat(SERVICE.take().header("traceparent")).startsWith(tries.get(1));
  }

  @Test
  void theServicesOwnErrorIsAnErrorOfBoth() throws Exception {
    TRACES.assertTrace(
        trace(RawHttp.callWithBody(GATEWAY.port(), "POST /orders/503", "x")),
        """
        SERVER POST /orders/** ERROR http.route=/orders/** http.response.status_code=503 error.type=503
          CLIENT POST ERROR http.response.status_code=503 error.type=503 headgate.attempt=1 headgate.attempt.end=complete headgate.upstream=shop
        """);
  }

  @Test
  void whatTheServiceDoesNotHaveIsAnErrorOfTheTryAlone() throws Exception {
    TRACES.assertTrace(
        trace(get("/orders/404")),
        """
        SERVER GET /orders/** http.route=/orders/** http.response.status_code=404
          CLIENT GET ERROR http.response.status_code=404 error.type=404 headgate.attempt=1 headgate.attempt.end=complete headgate.upstream=shop
        """);
  }

  @Test
  void aClientThatGoesBeforeTheHeadIsNoError() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("GET /orders/2/silent");
      SERVICE.take();
      http.reset();
    }
    TRACES.assertTrace(
        Traces.idOf("/orders/2/silent", GATEWAY),
        """
        SERVER GET /orders/** http.route=/orders/** error.type=CLIENT_ABORTED headgate.flags=[CLIENT_ABORTED]
          CLIENT GET error.type=cancelled headgate.attempt=1 headgate.attempt.end=cancelled headgate.upstream=shop
        """);
  }

  @Test
  void norIsOneThatGoesAmidTheBody() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("GET /orders/3/endless").head();
      http.reset();
    }
    TRACES.assertTrace(
        Traces.idOf("/orders/3/endless", GATEWAY),
        """
        SERVER GET /orders/** http.route=/orders/** http.response.status_code=200 error.type=CLIENT_ABORTED headgate.flags=[CLIENT_ABORTED]
          CLIENT GET http.response.status_code=200 error.type=cancelled headgate.attempt=1 headgate.attempt.end=cancelled headgate.upstream=shop
        """);
  }

  @Test
  void aBodyThatTheServiceCutsIsAnErrorOfBoth() throws Exception {
    assertThat(get("/orders/4/cut").complete()).isFalse();
    TRACES.assertTrace(
        Traces.idOf("/orders/4/cut", GATEWAY),
        """
        SERVER GET /orders/** ERROR http.route=/orders/** http.response.status_code=200 error.type=UPSTREAM_PREMATURE_END headgate.flags=[UPSTREAM_PREMATURE_END]
          CLIENT GET ERROR http.response.status_code=200 error.type=UPSTREAM_PREMATURE_END headgate.attempt=1 headgate.attempt.end=failed headgate.upstream=shop
        """);
  }

  @Test
  void theLimitOfATryIsTold() throws Exception {
    Response response = get("/per-try/silent");
    assertThat(response.status()).isEqualTo(504);
    TRACES.assertTrace(
        trace(response),
        """
        SERVER GET /per-try/** ERROR http.route=/per-try/** http.response.status_code=504 error.type=UPSTREAM_TIMEOUT headgate.flags=[UPSTREAM_TIMEOUT]
          CLIENT GET ERROR error.type=UPSTREAM_TIMEOUT headgate.attempt=1 headgate.attempt.end=timed-out headgate.upstream=shop
        """);
  }

  @Test
  void aTryThatUsedUpTheLimitOfAllTogetherIsToBlame() throws Exception {
    TRACES.assertTrace(
        trace(get("/total/silent")),
        """
        SERVER GET /total/** ERROR http.route=/total/** http.response.status_code=504 error.type=DEADLINE_EXCEEDED headgate.flags=[DEADLINE_EXCEEDED]
          CLIENT GET ERROR error.type=UPSTREAM_TIMEOUT headgate.attempt=1 headgate.attempt.end=timed-out headgate.upstream=shop
        """);
  }

  @Test
  void anOpenBreakerHasNoTry() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(get("/flaky/503").text()).isEqualTo("down");
    }
    TRACES.assertTrace(
        trace(get("/flaky/503")),
        """
        SERVER GET /flaky/** ERROR http.route=/flaky/** http.response.status_code=503 error.type=BREAKER_OPEN headgate.flags=[BREAKER_OPEN]
          event breaker-open headgate.detail=open
        """);
  }

  @Test
  void aWaitForTheBulkheadIsASpanAndAFullOneAnEvent() throws Exception {
    try (RawHttp running = RawHttp.to(GATEWAY.port());
        RawHttp waiting = RawHttp.to(GATEWAY.port())) {
      running.request("GET /narrow/hold");
      SERVICE.take();
      waiting.request("GET /narrow/waiting");
      Eventually.holds(
          () ->
              assertThat(GATEWAY.process().metrics())
                  .contains("headgate_bulkhead_waiting{upstream=\"narrow\"} 1.0"));
      String refused = trace(get("/narrow/refused"));
      GO_ON.release();
      running.response("GET");
      String waited = trace(waiting.response("GET"));

      TRACES.assertTrace(
          refused,
          """
          SERVER GET /narrow/** ERROR http.route=/narrow/** http.response.status_code=503 error.type=BULKHEAD_FULL headgate.flags=[BULKHEAD_FULL]
            event bulkhead-full headgate.detail=queue
          """);
      TRACES.assertTrace(
          waited,
          """
          SERVER GET /narrow/** http.route=/narrow/** http.response.status_code=200
            event bulkhead-wait
            INTERNAL bulkhead wait headgate.upstream=narrow headgate.wait.end=granted
            CLIENT GET http.response.status_code=200 headgate.attempt=1 headgate.attempt.end=complete headgate.upstream=narrow
          """);
    }
  }

  @Test
  void aWaitThatIsGivenUpSaysHow() throws Exception {
    try (RawHttp running = RawHttp.to(GATEWAY.port());
        RawHttp leaving = RawHttp.to(GATEWAY.port())) {
      running.request("GET /brief/hold");
      SERVICE.take();
      TRACES.assertTrace(
          trace(get("/brief/late")),
          """
          SERVER GET /brief/** ERROR http.route=/brief/** http.response.status_code=503 error.type=BULKHEAD_FULL headgate.flags=[BULKHEAD_FULL]
            event bulkhead-wait
            event bulkhead-full headgate.detail=wait
            INTERNAL bulkhead wait headgate.upstream=brief headgate.wait.end=full
          """);
      GO_ON.release();
      running.response("GET");
      running.request("GET /narrow/hold");
      SERVICE.take();
      leaving.request("GET /narrow/leaving");
      Eventually.holds(
          () ->
              assertThat(GATEWAY.process().metrics())
                  .contains("headgate_bulkhead_waiting{upstream=\"narrow\"} 1.0"));
      leaving.reset();
      TRACES.assertTrace(
          Traces.idOf("/narrow/leaving", GATEWAY),
          """
          SERVER GET /narrow/** http.route=/narrow/** error.type=CLIENT_ABORTED headgate.flags=[CLIENT_ABORTED]
            event bulkhead-wait
            INTERNAL bulkhead wait headgate.upstream=narrow headgate.wait.end=cancelled
          """);
      GO_ON.release();
      running.response("GET");
    }
  }

  @Test
  void aHedgeStandsBesideTheTryThatItOvertook() throws Exception {
    TRACES.assertTrace(
        trace(get("/hedged/stalls-once")),
        """
        SERVER GET /hedged/** http.route=/hedged/** http.response.status_code=200
          event hedge
          event hedge-won
          CLIENT GET error.type=cancelled headgate.attempt=1 headgate.attempt.end=cancelled headgate.upstream=shop
          CLIENT GET http.response.status_code=200 http.request.resend_count=1 headgate.attempt=2 headgate.attempt.end=complete headgate.attempt.hedge=true headgate.upstream=shop
        """);
  }

  @Test
  void aFallbackIsAnEventAndNoError() throws Exception {
    TRACES.assertTrace(
        trace(get("/fallback/a")),
        """
        SERVER GET /fallback/** http.route=/fallback/** http.response.status_code=200 headgate.flags=[UPSTREAM_CONNECTION_REFUSED]
          event fallback headgate.detail=UPSTREAM_CONNECTION_REFUSED
          CLIENT GET ERROR error.type=UPSTREAM_CONNECTION_REFUSED headgate.attempt=1 headgate.attempt.end=failed headgate.upstream=closed
        """);
  }
}
