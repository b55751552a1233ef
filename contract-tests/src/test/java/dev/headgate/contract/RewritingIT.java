package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What reaches the service, and what comes back changed. */
@Once
class RewritingIT {
  private static final ScriptedUpstream ECHO =
      ScriptedUpstream.answering(
          request -> Answer.ok("fine", "Server: secret/1.0", "X-Up: 1", "X-Many: a", "X-Many: b"));
  private static final ScriptedUpstream ONE = ScriptedUpstream.answering(r -> Answer.ok("one"));
  private static final ScriptedUpstream TWO = ScriptedUpstream.answering(r -> Answer.ok("two"));

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("echo", ECHO.url())
              .with("one", ONE.url())
              .with("two", TWO.url())
              .upstreams(
                  """
                  upstreams:
                    echo: {endpoints: ["@echo@"]}
                    based: {endpoints: ["@echo@/base/path"]}
                    based-slash: {endpoints: ["@echo@/base/path/"]}
                    preserving: {endpoints: ["@echo@"], host: preserve}
                    literal: {endpoints: ["@echo@"], host: svc.internal}
                    endpoint: {endpoints: ["@echo@"], host: endpoint}
                    weighted: {endpoints: ["@one@", {url: "@two@", weight: 2}]}
                  """)
              .routes(
                  """
                  routes:
                    raw: {match: {path: /raw/**}, upstream: echo}
                    named: {match: {path: /named}, upstream: echo, software-headers: pass}
                    rewritten: {match: {path: "/users/{id}/**"}, upstream: echo, rewrite: {path: "/internal/users/{id}/**"}}
                    swapped: {match: {path: "/swap/{a}/{b}"}, upstream: echo, rewrite: {path: "/{b}/{a}"}}
                    stripped: {match: {path: /api/**}, upstream: echo, rewrite: {strip-prefix: /api}}
                    based: {match: {path: /based/**}, upstream: based}
                    based-slash: {match: {path: /based-slash/**}, upstream: based-slash}
                    preserving: {match: {path: /preserve}, upstream: preserving}
                    literal: {match: {path: /literal}, upstream: literal}
                    endpoint: {match: {path: /endpoint}, upstream: endpoint}
                    weighted: {match: {path: /weighted}, upstream: weighted}
                    headers:
                      match: {path: /headers}
                      upstream: echo
                      request-headers: {set: {x-a: "1"}, add: {x-b: "2"}, remove: [x-c]}
                      software-headers: pass
                      response-headers: {set: {x-up: "2"}, add: {x-many: c}, remove: [server]}
                    redirect: {match: {path: /moved/**}, redirect: {status: 308, location: "https://example.com/new"}}
                    respond: {match: {path: /respond}, respond: {status: 418, body: "short and stout"}}
                  """));

  @BeforeEach
  void forget() {
    ECHO.forget();
  }

  @ParameterizedTest
  @CsvSource({
    "/raw/a%2Fb%2fc/d?x=%2F&y=a+b&z&&e=%20, /raw/a%2Fb%2fc/d?x=%2F&y=a+b&z&&e=%20",
    "/raw/%E2%82%AC;v=1/~a!$'()*:@, /raw/%E2%82%AC;v=1/~a!$'()*:@",
    "/raw?, /raw?",
    "/raw/, /raw/",
    "/users/a%2Fb/orders/1%20x?b=%2F, /internal/users/a%2Fb/orders/1%20x?b=%2F",
    "/users/7, /internal/users/7",
    "/users/7?x=1, /internal/users/7?x=1",
    "/swap/a%2Fb/c?q=1, /c/a%2Fb?q=1",
    "/api/orders/1%2F2?x=%2F, /orders/1%2F2?x=%2F",
    "/api/orders, /orders",
    "/api, /",
    "/api?x=1, /?x=1",
    "/based/x%2Fy?q=1, /base/path/based/x%2Fy?q=1",
    "/based-slash/x?q=1, /base/path/based-slash/x?q=1",
  })
  void targetReachesTheServiceByteForByte(String sent, String received) throws Exception {
    assertThat(RawHttp.get(GATEWAY.port(), sent).status()).isEqualTo(200);
    assertThat(ECHO.take().target()).isEqualTo(received);
  }

  @Test
  void methodAndBodyReachTheServiceUnchanged() throws Exception {
    String body = "{\"a\":\"\u00e9\u00ff\u0000\"}";
    Response response =
        RawHttp.callWithBody(GATEWAY.port(), "PUT /raw/x", body, "Content-Type: text/x; a=\"b\"");
    assertThat(response.text()).isEqualTo("fine");
    Received request = ECHO.take();
    assertThat(request.method()).isEqualTo("PUT");
    assertThat(request.text()).isEqualTo(body);
    assertThat(request.header("content-type")).isEqualTo("text/x; a=\"b\"");
    assertThat(request.headers("content-length")).hasSize(1);
  }

  @Test
  void hostIsTheEndpointsByDefaultAndWhereItSaysSo() throws Exception {
    RawHttp.get(GATEWAY.port(), "/raw", "Host: shop.example.com");
    assertThat(ECHO.take().headers("host")).containsExactly("127.0.0.1:" + ECHO.port());
    RawHttp.get(GATEWAY.port(), "/endpoint", "Host: shop.example.com");
    assertThat(ECHO.take().headers("host")).containsExactly("127.0.0.1:" + ECHO.port());
  }

  @Test
  void hostIsTheClientsWherePreserved() throws Exception {
    RawHttp.get(GATEWAY.port(), "/preserve", "Host: shop.example.com:81");
    assertThat(ECHO.take().headers("host")).containsExactly("shop.example.com:81");
  }

  @Test
  void hostIsALiteralWhereOneIsWritten() throws Exception {
    RawHttp.get(GATEWAY.port(), "/literal", "Host: shop.example.com");
    assertThat(ECHO.take().headers("host")).containsExactly("svc.internal");
  }

  @Test
  void weightsShareTheRequests() throws Exception {
    int two = 0;
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      for (int i = 0; i < 300; i++) {
        two += http.request("GET /weighted").response("GET").text().equals("two") ? 1 : 0;
      }
    }
    assertThat(two).isBetween(150, 250);
  }

  @Test
  void requestHeadersAreSetAddedAndRemoved() throws Exception {
    RawHttp.get(GATEWAY.port(), "/headers", "X-A: old", "X-B: 1", "X-C: gone", "X-D: kept");
    Received request = ECHO.take();
    assertThat(request.headers("x-a")).containsExactly("1");
    assertThat(String.join(",", request.headers("x-b")).replace(" ", "")).isEqualTo("1,2");
    assertThat(request.headers("x-c")).isEmpty();
    assertThat(request.headers("x-d")).containsExactly("kept");
  }

  @Test
  void responseHeadersAreSetAddedAndRemoved() throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/headers");
    assertThat(response.headers("server")).isEmpty();
    assertThat(response.headers("x-up")).containsExactly("2");
    assertThat(response.headers("x-many")).containsExactly("a", "b", "c");
  }

  @Test
  void responseHeadersPassUnchangedOtherwise() throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/raw");
    assertThat(response.headers("x-up")).containsExactly("1");
    assertThat(response.headers("x-many")).containsExactly("a", "b");
  }

  @Test
  void whatTheServiceRunsOnIsHiddenUnlessTheRouteSaysSo() throws Exception {
    assertThat(RawHttp.get(GATEWAY.port(), "/raw").headers("server")).isEmpty();
    assertThat(RawHttp.get(GATEWAY.port(), "/named").headers("server"))
        .containsExactly("secret/1.0");
  }

  @Test
  void hopByHopHeadersStayOnTheirHop() throws Exception {
    RawHttp.get(
        GATEWAY.port(),
        "/raw",
        "Connection: keep-alive, X-Hop",
        "X-Hop: 1",
        "Keep-Alive: timeout=5",
        "Proxy-Connection: keep-alive",
        "TE: gzip",
        "X-End: 1");
    Received request = ECHO.take();
    assertThat(request.headers("x-hop")).isEmpty();
    assertThat(request.headers("keep-alive")).isEmpty();
    assertThat(request.headers("proxy-connection")).isEmpty();
    assertThat(request.headers("te")).isEmpty();
    assertThat(request.headers("x-end")).containsExactly("1");
  }

  @Test
  void forwardingHeadersOfStrangersAreNotBelieved() throws Exception {
    RawHttp.get(
        GATEWAY.port(),
        "/raw",
        "X-Forwarded-For: 203.0.113.9",
        "X-Forwarded-Host: evil.example",
        "Forwarded: for=203.0.113.9");
    Received request = ECHO.take();
    assertThat(request.head().lines().toString())
        .doesNotContain("203.0.113.9")
        .doesNotContain("evil.example");
  }

  @Test
  void redirectIsAnsweredByTheGateway() throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/moved/here?x=1");
    assertThat(response.status()).isEqualTo(308);
    assertThat(response.need("location")).isEqualTo("https://example.com/new");
    assertThat(response.complete()).isTrue();
  }

  @Test
  void respondIsAnsweredByTheGateway() throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/respond");
    assertThat(response.status()).isEqualTo(418);
    assertThat(response.text()).isEqualTo("short and stout");
  }

  @Test
  void gatewaysOwnAnswersKeepTheConnectionInStep() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      assertThat(http.request("HEAD /respond").response("HEAD").status()).isEqualTo(418);
      assertThat(http.requestWithBody("POST /respond", "unread body").response("POST").text())
          .isEqualTo("short and stout");
      assertThat(http.requestWithBody("POST /moved/x", "unread").response("POST").status())
          .isEqualTo(308);
      assertThat(http.request("GET /raw/last").response("GET").text()).isEqualTo("fine");
    }
  }
}
