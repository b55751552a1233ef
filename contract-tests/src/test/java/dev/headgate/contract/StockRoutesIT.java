package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Stock Spring Cloud Gateway routes beside ours, on one port and one connection. */
@SuppressWarnings("StringConcatToTextBlock") // Lines of HTTP end in CRLF.
class StockRoutesIT {
  private static final String UUID_V7 =
      "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
  private static final ScriptedUpstream UPSTREAM =
      ScriptedUpstream.playing(
          connection -> {
            for (Received next = connection.read(); next != null; next = connection.read()) {
              if (next.target().contains("slow")) {
                connection.pause(Duration.ofMillis(300));
              }
              connection.write(
                  Answer.ok(next.method() + " " + next.target() + " " + next.text(), "X-Up: 1"));
            }
          });

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("upstream", UPSTREAM.url())
              .with("closed", ScriptedUpstream.closedPort())
              .gateway(
                  """
                  spring:
                    cloud:
                      gateway:
                        server:
                          webflux:
                            routes:
                              - id: stock
                                uri: "@upstream@"
                                predicates: [Path=/stock/**]
                                filters: [StripPrefix=1, "AddRequestHeader=X-Stock, yes", "AddResponseHeader=X-Stock, yes"]
                              - id: stock-closed
                                uri: "http://127.0.0.1:@closed@"
                                predicates: [Path=/stock-closed]
                              - id: stock-header
                                uri: "@upstream@"
                                predicates: [Path=/by-header, "Header=X-Go, yes"]
                              - id: mounted
                                uri: no://op
                                predicates: [Path=/mounted/**]
                                filters: [Headgate=mounted]
                              - id: mounted-after-stock-filter
                                uri: no://op
                                predicates: [Path=/prefixed/**]
                                filters: ["AddRequestHeader=X-Stock, yes", Headgate=mounted]
                              - id: greedy
                                uri: "@upstream@"
                                predicates: [Path=/ours/**]
                  """)
              .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}")
              .routes(
                  """
                  routes:
                    ours: {match: {path: /ours/**, methods: [GET]}, upstream: u}
                    mounted: {match: {path: /never-asked/**}, upstream: u, request-headers: {set: {x-mounted: "1"}}, response-headers: {set: {x-mounted: "1"}}}
                    respond: {match: {path: /respond}, respond: {status: 200, body: respond}}
                  """));

  @BeforeEach
  void forget() {
    UPSTREAM.forget();
  }

  @Test
  void aStockRouteWorksWithItsFilters() throws Exception {
    Response response = RawHttp.callWithBody(GATEWAY.port(), "POST /stock/a?x=1", "body");
    assertThat(response.text()).isEqualTo("POST /a?x=1 body");
    assertThat(response.need("x-stock")).isEqualTo("yes");
    assertThat(UPSTREAM.take().header("x-stock")).isEqualTo("yes");
  }

  @Test
  void aStockRouteHasTheRequestIdToo() throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/stock/a", "X-Request-Id: mine");
    assertThat(response.headers("x-request-id")).hasSize(1);
    assertThat(response.need("x-request-id")).matches(UUID_V7);
    assertThat(UPSTREAM.take().headers("x-request-id"))
        .containsExactly(response.need("x-request-id"));
  }

  @Test
  void aStockRequestHasItsAccessLogLine() throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/stock/logged");
    var line = GATEWAY.process().awaitAccess(response.need("x-request-id"));
    assertThat(line.path("path").asString()).isEqualTo("/stock/logged");
    assertThat(line.path("status").asInt()).isEqualTo(200);
  }

  @Test
  void ourRouteWorksBesideThem() throws Exception {
    assertThat(RawHttp.get(GATEWAY.port(), "/ours/a").text()).isEqualTo("GET /ours/a ");
  }

  @Test
  void aPathThatOurTableKnowsIsNotHandedOn() throws Exception {
    Response response = RawHttp.callWithBody(GATEWAY.port(), "POST /ours/a", "x");
    assertThat(response.status()).isEqualTo(405);
    assertThat(response.need("allow")).contains("GET");
  }

  @Test
  void aPathThatNobodyKnowsIs404InTheEnvelope() throws Exception {
    for (String target : new String[] {"/nowhere", "/by-header"}) {
      Response response = RawHttp.get(GATEWAY.port(), target);
      assertThat(response.status()).isEqualTo(404);
      assertThat(response.errorCode()).isNotBlank();
      assertThat(response.need("x-request-id")).matches(UUID_V7);
    }
    assertThat(RawHttp.get(GATEWAY.port(), "/by-header", "X-Go: yes").status()).isEqualTo(200);
  }

  @Test
  void aStockRouteThatFailsSpeaksTheEnvelope() throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/stock-closed");
    assertThat(response.status()).isGreaterThanOrEqualTo(500);
    assertThat(response.errorCode()).isNotBlank();
    assertThat(response.json().at("/meta/requestId").asString())
        .isEqualTo(response.need("x-request-id"));
    assertThat(response.text()).doesNotContain("127.0.0.1").doesNotContain("Exception");
  }

  @Test
  void theHeadgateFilterMountsARoutesChain() throws Exception {
    Response response = RawHttp.callWithBody(GATEWAY.port(), "POST /mounted/a%2Fb?x=%2F", "body");
    assertThat(response.text()).isEqualTo("POST /mounted/a%2Fb?x=%2F body");
    assertThat(response.need("x-mounted")).isEqualTo("1");
    assertThat(UPSTREAM.take().header("x-mounted")).isEqualTo("1");
    assertThat(response.headers("x-request-id")).hasSize(1);
    var line = GATEWAY.process().awaitAccess(response.need("x-request-id"));
    assertThat(line.path("route").asString()).isEqualTo("mounted");
  }

  @Test
  void theHeadgateFilterFollowsStockFilters() throws Exception {
    assertThat(RawHttp.get(GATEWAY.port(), "/prefixed/x").need("x-mounted")).isEqualTo("1");
    Received received = UPSTREAM.take();
    assertThat(received.header("x-stock")).isEqualTo("yes");
    assertThat(received.header("x-mounted")).isEqualTo("1");
  }

  @Test
  void oursAndSpringsPipelinedOnOneConnectionAreAnsweredInOrder() throws Exception {
    String[] targets = {
      "/stock/slow1",
      "/ours/2",
      "/respond",
      "/stock/4",
      "/ours/slow5",
      "/mounted/6",
      "/nowhere",
      "/respond",
      "/stock/slow9",
      "/stock/10",
      "/ours/11",
      "/ours/12"
    };
    String[] answers = {
      "GET /slow1 ", "GET /ours/2 ", "respond", "GET /4 ", "GET /ours/slow5 ", "GET /mounted/6 ",
      "404", "respond", "GET /slow9 ", "GET /10 ", "GET /ours/11 ", "GET /ours/12 "
    };
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      StringBuilder requests = new StringBuilder();
      for (String target : targets) {
        requests.append("GET ").append(target).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      http.send(requests.toString());
      for (String answer : answers) {
        Response response = http.response("GET");
        assertThat(response.status() == 404 ? "404" : response.text()).isEqualTo(answer);
      }
    }
  }

  @Test
  void pipelinedBodiesGoToTheirOwnRequests() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.send(
          "POST /stock/slow1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
              + "POST /mounted/2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n"
              + "GET /ours/3 HTTP/1.1\r\nHost: a\r\n\r\n"
              + "POST /stock/4 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nfour");
      assertThat(http.response("POST").text()).isEqualTo("POST /slow1 one");
      assertThat(http.response("POST").text()).isEqualTo("POST /mounted/2 two");
      assertThat(http.response("GET").text()).isEqualTo("GET /ours/3 ");
      assertThat(http.response("POST").text()).isEqualTo("POST /4 four");
    }
  }

  @Test
  void abortsOnStockAndMountedRoutesLeakNothing() throws Exception {
    for (int i = 0; i < 60; i++) {
      for (String target : new String[] {"/stock/slow", "/mounted/slow", "/ours/slow"}) {
        try (RawHttp http = RawHttp.to(GATEWAY.port())) {
          http.request("GET " + target);
          if (i % 2 == 0) {
            http.reset();
          }
        }
      }
    }
    GATEWAY.process().assertNoLeaks("/ours/x");
    assertThat(RawHttp.get(GATEWAY.port(), "/stock/a").status()).isEqualTo(200);
  }
}
