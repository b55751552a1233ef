package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.OtlpReceiver;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.Scrape;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Spans;
import dev.headgate.contract.harness.Traces;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The meters, as Prometheus and as a collector get them. */
@Once
class MetricsIT {
  private static final String BUCKETS =
      "0.001 0.0025 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1.0 2.5 5.0 10.0 30.0 Infinity";

  /** Every series and its labels; {@code le} goes without saying. */
  private static final String SERIES =
      """
      headgate_requests_total route,method,status,version,outcome
      headgate_request_duration_seconds_bucket route,status
      headgate_request_duration_seconds_count route,status
      headgate_request_duration_seconds_sum route,status
      headgate_request_duration_seconds_max route,status
      headgate_attempts_total upstream,kind,outcome
      headgate_upstream_duration_seconds_bucket upstream,status
      headgate_upstream_duration_seconds_count upstream,status
      headgate_upstream_duration_seconds_sum upstream,status
      headgate_decisions_total decision,route
      headgate_retry_budget_tokens upstream
      headgate_breaker_state upstream,state
      headgate_bulkhead_in_use upstream
      headgate_bulkhead_waiting upstream
      headgate_bulkhead_limit upstream
      headgate_upstream_connections upstream,state
      headgate_upstream_connections_opened_total upstream
      headgate_upstream_endpoints upstream,state
      headgate_upstream_events_total upstream,event
      headgate_config_version
      headgate_config_routes
      headgate_config_last_reload_successful
      headgate_config_age_seconds
      headgate_config_reloads_total result
      headgate_requests_in_flight
      headgate_connections
      headgate_overloaded limit
      headgate_overload_refused_total
      headgate_direct_memory_used_bytes
      headgate_direct_memory_max_bytes
      headgate_access_log_dropped_total
      headgate_spans_exported_total
      headgate_spans_dropped_total reason
      headgate_event_loop_lag_seconds_count
      headgate_event_loop_lag_seconds_sum
      headgate_event_loop_lag_seconds_max
      """;

  private static final Traces TRACES = new Traces();
  private static final OtlpReceiver METERS = OtlpReceiver.start();
  private static final Set<String> ASKED = ConcurrentHashMap.newKeySet();
  private static final ScriptedUpstream SERVICE = ScriptedUpstream.answering(MetricsIT::answer);

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("service", SERVICE.url())
              .with("closed", ScriptedUpstream.closedPort())
              .upstreams(
                  """
                  upstreams:
                    shop: {endpoints: ["@service@"], retry-budget: {percent: 100%, minimum-per-second: 1000}}
                    flaky: {endpoints: ["@service@"], circuit-breaker: {window: 10, minimum-calls: 10, open-for: 1m}}
                    closed: {endpoints: ["http://127.0.0.1:@closed@"]}
                  """)
              .routes(routes("going: {match: {path: /going/**}, upstream: shop}")),
          Stream.concat(
                  Arrays.stream(TRACES.settings()),
                  Stream.of(
                      "--management.otlp.metrics.export.enabled=true",
                      "--management.otlp.metrics.export.url=" + METERS.metrics(),
                      "--management.otlp.metrics.export.step=1s"))
              .toArray(String[]::new));

  private static String routes(String last) {
    return """
    routes:
      users: {match: {path: "/users/{id}"}, upstream: shop}
      versioned: {match: {path: /versioned}, versioning: {from: {header: X-Version}, versions: {"2": {upstream: shop}}}}
      flaky: {match: {path: /flaky/**}, upstream: flaky, retry: {max-attempts: 1}}
      closed: {match: {path: /closed}, upstream: closed, retry: {max-attempts: 1}}
      hello: {match: {path: /hello}, respond: {status: 200, body: hello}}
      %s
    """
        .formatted(last);
  }

  private static String answer(Received request) {
    boolean first = ASKED.add(request.target());
    boolean down = request.target().startsWith("/flaky") || request.target().contains("down");
    return down || (first && request.target().endsWith("once"))
        ? Answer.of("503 Service Unavailable", "down")
        : Answer.ok("fine");
  }

  private static Response get(String target, String... fields) throws Exception {
    return RawHttp.get(GATEWAY.port(), target, fields);
  }

  private static Scrape scrape() throws Exception {
    return Scrape.of(GATEWAY.process());
  }

  @BeforeAll
  static void traffic() throws Exception {
    get("/users/1");
    get("/users/once");
    RawHttp.callWithBody(GATEWAY.port(), "POST /users/down", "x");
    get("/versioned", "X-Version: 2");
    get("/closed");
    get("/hello");
    get("/nowhere");
    RawHttp.call(GATEWAY.port(), "BREW /hello");
    for (int i = 0; i < 11; i++) {
      get("/flaky/a");
    }
  }

  @AfterAll
  static void stop() {
    TRACES.close();
    METERS.close();
  }

  @Test
  void everySeriesIsThereWithItsLabelsAndNoOther() {
    Map<String, Set<Set<String>>> expected = new TreeMap<>();
    for (String line : SERIES.lines().toList()) {
      String[] words = line.split(" ", 2);
      Set<String> labels = new TreeSet<>();
      if (words.length > 1) {
        labels.addAll(List.of(words[1].split(",", -1)));
      }
      expected.put(words[0], Set.of(labels));
    }
    Eventually.holds(
        () -> {
          SoftAssertions all = new SoftAssertions();
          Map<String, Set<Set<String>>> found = scrape().labelNames("headgate_");
          expected.forEach(
              (name, labels) -> all.assertThat(found.get(name)).as(name).isEqualTo(labels));
          all.assertAll();
        });
  }

  @Test
  void theUsualMetersOfBootAreThere() throws Exception {
    assertThat(scrape().samples())
        .extracting(Scrape.Sample::name)
        .contains(
            "jvm_memory_used_bytes",
            "process_cpu_usage",
            "system_cpu_count",
            "logback_events_total",
            "disk_free_bytes");
  }

  @Test
  void requestsAreCountedByRouteMethodClassVersionAndOutcome() {
    String requests = "headgate_requests_total";
    for (String[] labels :
        new String[][] {
          {"users", "GET", "2xx", "", "OK"},
          {"users", "POST", "5xx", "", "UPSTREAM_ERROR"},
          {"versioned", "GET", "2xx", "2", "OK"},
          {"closed", "GET", "5xx", "", "UPSTREAM_CONNECTION_REFUSED"},
          {"hello", "GET", "2xx", "", "OK"},
          {"hello", "_OTHER", "2xx", "", "OK"},
          {"", "GET", "4xx", "", "ROUTE_NOT_FOUND"},
          {"flaky", "GET", "5xx", "", "BREAKER_OPEN"}
        }) {
      Eventually.holds(
          () ->
              assertThat(
                      scrape()
                          .sum(
                              requests, "route", labels[0], "method", labels[1], "status",
                              labels[2], "version", labels[3], "outcome", labels[4]))
                  .as("%s", List.of(labels))
                  .isPositive());
    }
  }

  @Test
  void triesAndDecisionsAreCounted() throws Exception {
    Scrape now = scrape();
    String attempts = "headgate_attempts_total";
    assertThat(now.sum(attempts, "upstream", "shop", "kind", "retry", "outcome", "OK")).isOne();
    assertThat(now.sum(attempts, "upstream", "shop", "kind", "first", "outcome", "OK"))
        .isPositive();
    assertThat(
            now.sum(
                attempts,
                "upstream",
                "closed",
                "kind",
                "first",
                "outcome",
                "UPSTREAM_CONNECTION_REFUSED"))
        .isOne();
    assertThat(now.sum("headgate_decisions_total", "decision", "retry", "route", "users")).isOne();
    assertThat(now.sum("headgate_upstream_duration_seconds_count", "status", "none")).isOne();
    assertThat(now.sum("headgate_breaker_state", "upstream", "flaky", "state", "open")).isOne();
    assertThat(now.sum("headgate_breaker_state", "upstream", "flaky")).isOne();
    assertThat(now.sum("headgate_upstream_connections_opened_total", "upstream", "shop"))
        .isPositive();
  }

  @Test
  void histogramsHaveTheirBuckets() throws Exception {
    for (String[] name :
        new String[][] {
          {"headgate_request_duration_seconds_bucket", "route", "users"},
          {"headgate_upstream_duration_seconds_bucket", "upstream", "shop"}
        }) {
      List<Double> bounds =
          scrape()
              .of(name[0], name[1], name[2], "status", "2xx")
              .map(sample -> sample.labels().getOrDefault("le", "").replace("+Inf", "Infinity"))
              .map(Double::valueOf)
              .toList();
      assertThat(bounds)
          .isEqualTo(Arrays.stream(BUCKETS.split(" ", -1)).map(Double::valueOf).toList());
    }
  }

  @Test
  void histogramsNameTheTraceOfAnExample() throws Exception {
    TRACES.spans().await(Traces.idOf(get("/users/2"), GATEWAY), Span.SpanKind.SPAN_KIND_SERVER);
    Scrape now = Scrape.openMetrics(GATEWAY.process());
    assertExemplar(now.of("headgate_request_duration_seconds_bucket", "route", "users"));
    assertExemplar(now.of("headgate_upstream_duration_seconds_bucket", "upstream", "shop"));
  }

  /** There is one, and each is of a span that was exported. */
  private static void assertExemplar(Stream<Scrape.Sample> samples) {
    List<Map<String, String>> exemplars =
        samples.map(Scrape.Sample::exemplar).filter(labels -> !labels.isEmpty()).toList();
    assertThat(exemplars)
        .isNotEmpty()
        .allSatisfy(
            labels ->
                assertThat(TRACES.spans().of(labels.getOrDefault("trace_id", "")))
                    .extracting(span -> Spans.hex(span.getSpanId()))
                    .contains(labels.getOrDefault("span_id", "")));
  }

  @Test
  void noStrangerMakesSeries() throws Exception {
    Random random = new Random(7);
    send(random, 100);
    long before = series();
    send(random, 1_000);
    assertThat(series()).isEqualTo(before);
    assertThat(scrape().labelValues())
        .noneMatch(value -> value.contains("/") || value.matches(".*zz[0-9]+.*|ZZ.*"));
  }

  private static long series() throws Exception {
    return scrape().samples().stream()
        .filter(sample -> sample.name().startsWith("headgate_"))
        .count();
  }

  /** Unheard-of methods and paths, of routes and of none. */
  private static void send(Random random, int times) throws Exception {
    String[] paths = {"/users/", "/going/", "/", "/flaky/"};
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      for (int i = 0; i < times; i++) {
        String method = i % 2 == 0 ? "ZZ" + Integer.toString(random.nextInt(9_999), 36) : "GET";
        String path = paths[i % 4 / 2 * 2 + random.nextInt(2)] + "zz" + random.nextInt(1 << 30);
        http.request(method.toUpperCase(java.util.Locale.ROOT) + " " + path).response(method);
      }
    }
  }

  @Test
  void aRouteThatIsTakenAwayTakesItsSeriesWithIt() throws Exception {
    get("/going/a");
    Eventually.holds(
        () -> assertThat(scrape().sum("headgate_requests_total", "route", "going")).isPositive());
    GATEWAY.repo().routes(routes("staying: {match: {path: /staying}, upstream: shop}"));
    Eventually.holds(() -> assertThat(get("/staying").status()).isEqualTo(200));
    Eventually.holds(() -> assertThat(scrape().labelValues()).doesNotContain("going"));
    assertThat(scrape().sum("headgate_config_reloads_total", "result", "accepted")).isPositive();
    GATEWAY.repo().routes(routes("going: {match: {path: /going/**}, upstream: shop}"));
    Eventually.holds(() -> assertThat(get("/going/b").status()).isEqualTo(200));
  }

  @Test
  void aCollectorGetsThemToo() {
    Eventually.holds(
        () ->
            assertThat(METERS.received())
                .containsKeys(
                    "headgate.requests",
                    "headgate.request.duration",
                    "headgate.attempts",
                    "headgate.upstream.duration",
                    "headgate.breaker.state",
                    "headgate.config.version"));
    assertThat(METERS.received().get("headgate.requests"))
        .extracting(Metric::getDataCase)
        .isEqualTo(Metric.DataCase.SUM);
    assertThat(METERS.received().get("headgate.request.duration"))
        .extracting(Metric::getDataCase)
        .isEqualTo(Metric.DataCase.HISTOGRAM);
  }
}
