package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.Certificate;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Http2Client;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Spans;
import dev.headgate.contract.harness.Traces;
import dev.headgate.contract.harness.UpstreamConnection;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the spans of each kind of exchange are called and say, and when they end. */
@Once
class ExchangeSpansIT {
  private static final Traces TRACES = new Traces();
  private static final Semaphore GO_ON = new Semaphore(0);
  private static final ScriptedUpstream SERVICE = ScriptedUpstream.playing(ExchangeSpansIT::play);

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          repo()
              .with("service", SERVICE.url())
              .with("closed", ScriptedUpstream.closedPort())
              .gateway(
                  """
                  spring.ssl.bundle.pem.web.keystore: {certificate: "@folder@/web.crt", private-key: "@folder@/web.key"}
                  headgate.listeners.tls: {port: 0, ssl: {bundle: web}}
                  """)
              .upstreams(
                  """
                  upstreams:
                    shop: {endpoints: ["@service@"]}
                    closed: {endpoints: ["http://127.0.0.1:@closed@"]}
                  """)
              .routes(
                  """
                  routes:
                    users: {match: {path: "/users/{id}"}, upstream: shop}
                    orders: {match: {path: /orders/**}, upstream: shop}
                    moved: {match: {path: /moved/**}, upstream: shop, rewrite: {path: "/inner/**"}}
                    versioned: {match: {path: /versioned/**}, versioning: {from: {path: "/v{version}"}, versions: {"2": {upstream: shop}}}}
                    hello: {match: {path: /hello, methods: [GET]}, respond: {status: 200, body: hello}}
                    closed: {match: {path: /closed}, upstream: closed, retry: {max-attempts: 1}}
                  """),
          TRACES.settings());

  private static ConfigRepo repo() {
    ConfigRepo repo = ConfigRepo.create();
    Certificate.of("web.test").writeTo(repo.folder(), "web");
    return repo.with("folder", repo.folder().toString());
  }

  private static void play(UpstreamConnection connection) throws Exception {
    for (Received next = connection.read(); next != null; next = connection.read()) {
      if (next.target().endsWith("/streamed")) {
        connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        connection.write(Answer.chunk("first"));
        GO_ON.acquire();
        connection.write(Answer.chunk("last") + "0\r\n\r\n");
      } else if (next.target().endsWith("/socket")) {
        connection.write("HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
        connection.write("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
        GO_ON.acquire();
        return;
      } else {
        connection.ok("fine");
      }
    }
  }

  private static Response get(String target, String... fields) throws Exception {
    return RawHttp.get(GATEWAY.port(), target, fields);
  }

  private static String trace(Response response) {
    return Traces.idOf(response, GATEWAY);
  }

  private static Map<String, String> server(String traceId) {
    return Spans.attributes(TRACES.spans().await(traceId, Span.SpanKind.SPAN_KIND_SERVER));
  }

  @BeforeEach
  void forget() {
    SERVICE.forget();
  }

  @AfterAll
  static void nothingCameLateAndNoNameHasARawPath() {
    TRACES.assertNothingCameLate();
    assertThat(TRACES.spans().services()).containsExactly("headgate");
    assertThat(TRACES.spans().all())
        .extracting(Span::getName)
        .allSatisfy(name -> assertThat(name).matches("[A-Z]+( /[a-z-]+(/\\*\\*|/\\{id})?)?"));
    TRACES.close();
  }

  @Test
  void bothSpansHaveTheAttributesOfTheConventionsAndNoValueOfTheQuery() throws Exception {
    Response response;
    int port;
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      port = http.localPort();
      http.request(
          "GET /users/4712?token=s3cret&x=%20&y", "Host: shop.example:8080", "User-Agent: test/1");
      response = http.response("GET");
    }
    String trace = trace(response);
    Map<String, String> server = new TreeMap<>();
    server.put("http.request.method", "GET");
    server.put("url.scheme", "http");
    server.put("url.path", "/users/4712");
    server.put("url.query", "token=REDACTED&x=REDACTED&y");
    server.put("http.route", "/users/{id}");
    server.put("http.response.status_code", "200");
    server.put("network.protocol.version", "1.1");
    server.put("server.address", "shop.example");
    server.put("server.port", "8080");
    server.put("client.address", "127.0.0.1");
    server.put("network.peer.address", "127.0.0.1");
    server.put("network.peer.port", Integer.toString(port));
    server.put("user_agent.original", "test/1");
    server.put("headgate.request.id", response.need("x-request-id"));
    server.put("headgate.route", "users");
    assertThat(server(trace)).isEqualTo(server);

    Map<String, String> client =
        Spans.attributes(TRACES.spans().await(trace, Span.SpanKind.SPAN_KIND_CLIENT));
    assertThat(client.remove("headgate.endpoint")).contains("127.0.0.1:" + SERVICE.port());
    Map<String, String> expected = new TreeMap<>();
    expected.put("http.request.method", "GET");
    expected.put("url.full", SERVICE.url() + "/users/4712?token=REDACTED&x=REDACTED&y");
    expected.put("server.address", "127.0.0.1");
    expected.put("server.port", Integer.toString(SERVICE.port()));
    expected.put("http.response.status_code", "200");
    expected.put("headgate.attempt", "1");
    expected.put("headgate.attempt.end", "complete");
    expected.put("headgate.upstream", "shop");
    assertThat(client).isEqualTo(expected);
  }

  @Test
  void aStreamedAnswersSpansEndAfterItsLastByte() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("GET /orders/streamed").head();
      assertThat(http.chunk()).isEqualTo("first".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      String sent = Objects.requireNonNull(SERVICE.take().header("traceparent"));
      String trace = sent.split("-", -1)[1];
      server(trace(get("/orders/behind")));
      assertThat(TRACES.spans().of(trace)).as("while the body goes on").isEmpty();
      long last = System.currentTimeMillis() * 1_000_000;
      GO_ON.release();
      assertThat(http.chunk()).isEqualTo("last".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(http.chunk()).isEmpty();
      TRACES.assertTrace(
          trace,
          """
          SERVER GET /orders/** http.route=/orders/** http.response.status_code=200
            CLIENT GET http.response.status_code=200 headgate.attempt=1 headgate.attempt.end=complete headgate.upstream=shop
          """);
      assertThat(TRACES.spans().of(trace))
          .allSatisfy(span -> assertThat(span.getEndTimeUnixNano()).isGreaterThanOrEqualTo(last));
    }
  }

  @Test
  void aPathThatNobodyKnowsHasTheMethodForItsName() throws Exception {
    String trace = trace(get("/nowhere/4711"));
    TRACES.assertTrace(
        trace,
        """
        SERVER GET http.response.status_code=404 headgate.flags=[ROUTE_NOT_FOUND]
        """);
    assertThat(server(trace)).containsEntry("url.path", "/nowhere/4711");
  }

  @Test
  void whatTheClientGotWrongIsFlaggedAndNoError() throws Exception {
    Response refused = RawHttp.call(GATEWAY.port(), "DELETE /hello");
    assertThat(refused.status()).isEqualTo(405);
    TRACES.assertTrace(
        trace(refused),
        """
        SERVER DELETE http.response.status_code=405 headgate.flags=[METHOD_NOT_ALLOWED]
        """);
  }

  @Test
  void aMethodThatNobodyKnowsIsNotNamed() throws Exception {
    String trace = trace(RawHttp.call(GATEWAY.port(), "BREW /users/4711"));
    TRACES.assertTrace(
        trace,
        """
        SERVER HTTP /users/{id} http.route=/users/{id} http.response.status_code=200
          CLIENT HTTP http.response.status_code=200 headgate.attempt=1 headgate.attempt.end=complete headgate.upstream=shop
        """);
    assertThat(server(trace))
        .containsEntry("http.request.method", "_OTHER")
        .containsEntry("http.request.method_original", "BREW");
  }

  @Test
  void aRewrittenPathIsTheTrysAlone() throws Exception {
    String trace = trace(get("/moved/a?x=1"));
    TRACES.assertTrace(
        trace,
        """
        SERVER GET /moved/** http.route=/moved/** http.response.status_code=200
          CLIENT GET http.response.status_code=200 headgate.attempt=1 headgate.attempt.end=complete headgate.upstream=shop
        """);
    assertThat(server(trace)).containsEntry("url.path", "/moved/a");
    assertThat(Spans.attributes(TRACES.spans().await(trace, Span.SpanKind.SPAN_KIND_CLIENT)))
        .containsEntry("url.full", SERVICE.url() + "/inner/a?x=REDACTED");
  }

  @Test
  void aVersionIsTold() throws Exception {
    TRACES.assertTrace(
        trace(get("/v2/versioned/a")),
        """
        SERVER GET /versioned/** http.route=/versioned/** http.response.status_code=200 headgate.version=2
          CLIENT GET http.response.status_code=200 headgate.attempt=1 headgate.attempt.end=complete headgate.upstream=shop
        """);
  }

  @Test
  void aTunnelsSpansEndWithIt() throws Exception {
    String trace;
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request(
          "GET /orders/socket",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
      assertThat(http.head().startLine()).startsWith("HTTP/1.1 101");
      trace = Objects.requireNonNull(SERVICE.take().header("traceparent")).substring(3, 35);
      server(trace(get("/orders/beside")));
      assertThat(TRACES.spans().of(trace)).as("while the tunnel stands").isEmpty();
      GO_ON.release();
      assertThat(http.endsWithin(java.time.Duration.ofSeconds(5))).isTrue();
    }
    TRACES.assertTrace(
        trace,
        """
        SERVER GET /orders/** http.route=/orders/** http.response.status_code=101
          CLIENT GET http.response.status_code=101 headgate.attempt=1 headgate.attempt.end=complete headgate.upstream=shop
        """);
  }

  @Test
  void http2IsToldAndOtherwiseTheSame() throws Exception {
    String trace = trace(new Http2Client().get(GATEWAY.process().port("tls"), "/users/4711?t=s"));
    TRACES.assertTrace(
        trace,
        """
        SERVER GET /users/{id} http.route=/users/{id} http.response.status_code=200
          CLIENT GET http.response.status_code=200 headgate.attempt=1 headgate.attempt.end=complete headgate.upstream=shop
        """);
    assertThat(server(trace))
        .containsEntry("network.protocol.version", "2")
        .containsEntry("url.scheme", "https")
        .containsEntry("server.address", "localhost")
        .containsEntry("server.port", Integer.toString(GATEWAY.process().port("tls")))
        .containsEntry("url.query", "t=REDACTED");
  }

  @Test
  void whatTheGatewayAnswersItselfHasNoTry() throws Exception {
    TRACES.assertTrace(
        trace(get("/hello")),
        """
        SERVER GET /hello http.route=/hello http.response.status_code=200
        """);
  }

  @Test
  void anErrorsBodyNamesTheTrace() throws Exception {
    Response response = get("/closed");
    String trace = trace(response);
    assertThat(response.json().at("/meta/traceId").asString("")).isEqualTo(trace);
    assertThat(response.json().at("/meta/requestId").asString(""))
        .isEqualTo(server(trace).get("headgate.request.id"));
    for (String path : new String[] {"/closed", "/nowhere"}) {
      Response problem = get(path, "Accept: application/problem+json");
      assertThat(problem.json().path("traceId").asString("")).isEqualTo(trace(problem));
      assertThat(problem.json().path("requestId").asString(""))
          .isEqualTo(problem.need("x-request-id"));
    }
  }

  @Test
  void aStrangersContextIsNotContinued() throws Exception {
    String stranger = "0af7651916cd43dd8448eb211c80319c";
    String trace = trace(get("/users/1", "traceparent: 00-" + stranger + "-b7ad6b7169203331-00"));
    assertThat(trace).isNotEqualTo(stranger);
    assertThat(SERVICE.take().header("traceparent")).contains(trace);
  }

  @Test
  void theAdminPortHasNoSpans() throws Exception {
    String path = "/actuator/prometheus";
    assertThat(RawHttp.get(GATEWAY.process().adminPort(), path).status()).isEqualTo(200);
    assertThat(GATEWAY.process().health().status()).isEqualTo(200);
    assertThat(GATEWAY.process().readiness()).isEqualTo(200);
    server(trace(get("/users/1")));
    assertThat(TRACES.spans().all())
        .allSatisfy(
            span ->
                assertThat(Spans.attributes(span).getOrDefault("url.path", ""))
                    .doesNotStartWith("/actuator"));
  }
}
