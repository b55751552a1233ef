package dev.headgate.contract;

import static dev.headgate.contract.harness.Secrets.PLANTED;
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
import dev.headgate.contract.harness.Secrets;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.TlsClient;
import dev.headgate.contract.harness.Traces;
import dev.headgate.contract.harness.UpstreamConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Secrets in every place of every kind of exchange, none of which may come to stand in a log, a
 * span, a meter or an error's body.
 */
@Once
class SecretsIT {
  private static final String[] FIELDS = {
    "Authorization: Bearer " + PLANTED,
    "Proxy-Authorization: Basic " + PLANTED,
    "Cookie: a=b; session=" + PLANTED,
    "X-Api-Key: " + PLANTED,
    "X-Unheard-Of-Token: " + PLANTED,
    "Referer: http://a/?token=" + PLANTED,
    "baggage: token=" + PLANTED
  };
  private static final String QUERY =
      "?a=b&token=" + PLANTED + "&=" + PLANTED + "&x=1=" + PLANTED + "&";

  private static final SoftAssertions ALL = new SoftAssertions();
  private static final Traces TRACES = new Traces();
  private static final ScriptedUpstream SERVICE = ScriptedUpstream.playing(SecretsIT::play);

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          repo()
              .with("service", SERVICE.url())
              .with("closed", ScriptedUpstream.closedPort())
              .with("secret", PLANTED)
              .gateway(
                  """
                  logging.level.dev.headgate: TRACE
                  spring.ssl.bundle.pem.web.keystore: {certificate: "@folder@/web.crt", private-key: "@folder@/web.key"}
                  headgate.listeners:
                    tls: {port: 0, ssl: {bundle: web}}
                    redirect: {port: 0, redirect-to-https: 8443}
                  management.opentelemetry.tracing.export.otlp.headers: {authorization: "@secret@"}
                  spring.cloud.gateway.server.webflux.routes:
                    - {id: stock, uri: "@service@", predicates: [Path=/stock/**]}
                    - {id: stock-closed, uri: "http://127.0.0.1:@closed@", predicates: [Path=/stock-closed/**]}
                    - {id: stock-broken, uri: "@service@", predicates: [Path=/stock-broken/**], filters: ["RewritePath=/stock-broken/(.*), /$\\\\{nobody}"]}
                    - {id: mounted, uri: "no://op", predicates: [Path=/mounted/**], filters: [Headgate=well]}
                  """)
              .upstreams(
                  """
                  upstreams:
                    u: {endpoints: ["@service@"], circuit-breaker: none}
                    closed: {endpoints: ["http://127.0.0.1:@closed@"], circuit-breaker: none}
                    broken: {endpoints: ["@service@"], circuit-breaker: {window: 10, minimum-calls: 10, open-for: 1m}}
                  """)
              .routes(
                  """
                  routes:
                    well: {match: {path: /well/**}, upstream: u, request-headers: {set: {x-key: "@secret@"}}}
                    closed: {match: {path: /closed/**}, upstream: closed}
                    breaker: {match: {path: /breaker/**}, upstream: broken}
                    late: {match: {path: /late/**}, upstream: u, timeout: {total: 300ms, per-try: 100ms}}
                    limited: {match: {path: /limited/**}, upstream: u, request-limits: {max-body: 10B, max-headers: 100B}}
                    only-get: {match: {path: /only-get, methods: [GET]}, respond: {status: 200, body: x}}
                    moved: {match: {path: /moved}, redirect: {status: 307, location: /well/a}}
                    versioned: {match: {path: /versioned}, versioning: {from: {query: token}, versions: {"1": {upstream: u}}}}
                  """),
          TRACES.settings());

  private static ConfigRepo repo() {
    ConfigRepo repo = ConfigRepo.create();
    Certificate.of("web.test").writeTo(repo.folder(), "web");
    return repo.with("folder", repo.folder().toString());
  }

  private static void play(UpstreamConnection connection) throws Exception {
    for (Received next = connection.read(); next != null; next = connection.read()) {
      String cookie = "Set-Cookie: session=" + PLANTED;
      switch (next.target().replaceAll("\\?.*", "").replaceAll(".*/", "")) {
        case "503" -> connection.write(Answer.of("503 Down", PLANTED, cookie));
        case "silent" -> connection.awaitEnd();
        case "reset" -> connection.reset();
        case "garbage" -> connection.write(PLANTED + "\r\n\r\n").close();
        case "bad-field" ->
            connection.write("HTTP/1.1 200 OK\r\nSet-Cookie " + PLANTED + "\r\n\r\n").close();
        case "bad-status" -> connection.write("HTTP/1.1 2x0 " + PLANTED + "\r\n\r\n").close();
        case "bad-length" ->
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + PLANTED + "\r\n\r\n").close();
        case "bad-chunk" ->
            connection
                .write("HTTP/1.1 200 OK\r\n" + cookie + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                .write("z" + PLANTED + "\r\n")
                .close();
        case "socket" -> {
          connection.write("HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
          connection.write(
              "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                  + cookie
                  + "\r\n\r\n"
                  + PLANTED);
          connection.awaitEnd();
        }
        default -> connection.write(Answer.ok("fine", cookie, "Location: /?token=" + PLANTED));
      }
    }
  }

  /** Every test's last request has its line before the logs are read. */
  @AfterAll
  static void nothingWasTold() throws Exception {
    String id = RawHttp.get(GATEWAY.port(), "/well/last").need("x-request-id");
    GATEWAY.process().awaitAccess(id);
    String last = Traces.idOf("/well/last", GATEWAY);
    TRACES.spans().await(last, io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(TRACES.spans().all()).hasSizeGreaterThan(50);
    assertThat(SERVICE.received())
        .anyMatch(r -> String.valueOf(r.header("cookie")).contains("a=b"));
    assertNotIn("the log", GATEWAY.process().log().lines());
    assertNotIn("the access log", GATEWAY.process().accessLines().stream());
    assertNotIn("the meters", GATEWAY.process().metrics().lines());
    assertNotIn("a span", TRACES.spans().all().stream().map(Object::toString));
    TRACES.close();
    ALL.assertAll();
  }

  private static void assertNotIn(String place, Stream<String> texts) {
    List<String> forms = Secrets.forms();
    ALL.assertThat(texts.filter(text -> forms.stream().anyMatch(text::contains)))
        .as(place)
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/well/a, 200",
    "/mounted/a, 200",
    "/stock/a, 200",
    "/stock/503, 503",
    "/stock/reset, 5..",
    "/stock-closed/a, 5..",
    "/stock-broken/a, 500",
    "/closed/a, 502",
    "/well/503, 503",
    "/well/reset, 502",
    "/well/garbage, 502",
    "/well/bad-field, 502",
    "/well/bad-status, 502",
    "/well/bad-length, 502",
    "/well/bad-chunk, 200|502",
    "/late/silent, 504",
    "/limited/a, 413|431",
    "/only-get, 200|405",
    "/moved, 307",
    "/versioned, 4..",
    "/nowhere, 404",
  })
  void secretsOfFieldsQueryAndBodyAreToldToTheServiceAlone(String path, String status)
      throws Exception {
    for (String method : new String[] {"GET ", "POST ", "BREW "}) {
      Response response =
          RawHttp.callWithBody(GATEWAY.port(), method + path + QUERY, "secret=" + PLANTED, FIELDS);
      assertThat(Integer.toString(response.status())).as(method).matches(status);
      // Who asks for a version that there is not is told which; the services' own words pass.
      if (response.header("set-cookie") == null && !path.equals("/versioned")) {
        assertThat(response.text()).doesNotContain(PLANTED);
      }
    }
  }

  @Test
  void anOpenBreakerTellsNothing() throws Exception {
    for (int i = 0; i < 12; i++) {
      RawHttp.get(GATEWAY.port(), "/breaker/503" + QUERY, FIELDS);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /well/@?token=@ HTTP/9.1\r\nHost: a\r\n\r\n",
        "GET /well/a?token=@ HTTP/1.1 x\r\nHost: a\r\n\r\n",
        "GET /well/a?token=@\r\nHost: a\r\n\r\n",
        "GET /well/a?token=@ HTTP/1.1\r\n\r\n",
        "GET /well/a?token=@#@ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /../a?token=@ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /well/%zz?token=@ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://user:@@a/well/a?token=@ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET ?token=@ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nAuthorization : Bearer @\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nAuthorization Bearer @\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nCookie: a\r\n session=@\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nCookie: a\u0001@\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nCookie: @\nX: y\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: user:@@a\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: @\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\nCookie: @\r\n\r\n",
        "POST /well/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nz@\r\n",
        "POST /well/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;x=@\r\nab@\r\n",
        "POST /well/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nbad trailer @\r\n\r\n",
        "POST /well/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: @\r\n\r\n",
        "POST /well/a HTTP/1.1\r\nHost: a\r\nExpect: @\r\nContent-Length: 1\r\n\r\na",
        "CONNECT @:443 HTTP/1.1\r\nHost: a\r\nProxy-Authorization: @\r\n\r\n",
        "GET /stock/a?token=%zz@ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /nowhere?%zz=@ HTTP/1.1\r\nHost: a\r\n\r\n",
        "\u0016\u0003\u0001@\r\n\r\n"
      })
  void whatCannotBeReadIsNotQuoted(String request) throws Exception {
    // What stands in a path is told, as paths are.
    String sent = request.replace("/@", "/x").replace("@", PLANTED);
    for (int port : new int[] {GATEWAY.port(), GATEWAY.process().port("redirect")}) {
      try (RawHttp http = RawHttp.to(port)) {
        http.send(sent).halfClose();
        assertThat(http.endsWithin(Duration.ofSeconds(10))).isTrue();
      }
    }
  }

  @Test
  void norIsPlainTextOnAPortOfTls() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.process().port("tls"))) {
      http.request("GET /well/a" + QUERY, FIELDS);
      assertThat(http.endsWithin(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void tlsAndHttp2AreNoDifferent() throws Exception {
    int port = GATEWAY.process().port("tls");
    String[] fields =
        Stream.concat(Arrays.stream(FIELDS), Stream.of("X-Two: 2")).toArray(String[]::new);
    for (String path : new String[] {"/well/a", "/well/503", "/closed/a", "/nowhere", "/stock/a"}) {
      new TlsClient().get(port, path + QUERY, FIELDS);
      new Http2Client().get(port, path + QUERY, fields);
    }
  }

  @Test
  void aClientThatGoesTellsNothing() throws Exception {
    SERVICE.forget();
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("GET /well/silent" + QUERY, FIELDS);
      SERVICE.take();
      http.reset();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/well/socket", "/well/503", "/closed/socket", "/nowhere"})
  void webSocketsTellNothing(String path) throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      String[] upgrade = {
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: " + PLANTED
      };
      String[] fields =
          Stream.concat(Arrays.stream(FIELDS), Arrays.stream(upgrade)).toArray(String[]::new);
      http.request("GET " + path + QUERY, fields).head();
      http.send(PLANTED + PLANTED);
      http.halfClose();
    } catch (IOException ended) {
      assertThat(ended).isNotNull();
    }
  }

  @Test
  void theAdminPortTellsNothing() throws Exception {
    for (String path : new String[] {"/actuator/health", "/actuator/none", "/actuator/env/x"}) {
      RawHttp.get(GATEWAY.process().adminPort(), path + QUERY, FIELDS);
    }
  }
}
