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
import org.junit.jupiter.params.provider.ValueSource;

/** {@code X-Request-Id}, as strangers and as trusted proxies send it. */
@Once
class RequestIdIT {
  private static final String UUID_V7 =
      "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
  private static final ScriptedUpstream ECHO =
      ScriptedUpstream.answering(request -> Answer.ok("fine"));

  private static ConfigRepo repo() {
    return ConfigRepo.create()
        .with("echo", ECHO.url())
        .with("closed", ScriptedUpstream.closedPort())
        .upstreams(
            """
            upstreams:
              echo: {endpoints: ["@echo@"]}
              closed: {endpoints: ["http://127.0.0.1:@closed@"]}
            """)
        .routes(
            """
            routes:
              ok: {match: {path: /ok, methods: [GET, POST]}, upstream: echo}
              closed: {match: {path: /closed}, upstream: closed}
              respond: {match: {path: /respond}, respond: {status: 200, body: x}}
              redirect: {match: {path: /redirect}, redirect: {status: 307, location: /ok}}
            """);
  }

  @RegisterExtension static final SharedGateway STRICT = SharedGateway.over(repo());

  @RegisterExtension
  static final SharedGateway TRUSTING =
      SharedGateway.over(repo(), "--headgate.trusted-proxies=10.0.0.0/8,127.0.0.0/8")
          .named("RequestIdIT-trusting");

  @BeforeEach
  void forget() {
    ECHO.forget();
  }

  @Test
  void strangersIdIsReplacedByAUuidV7EverywhereTheSame() throws Exception {
    Response response = RawHttp.get(STRICT.port(), "/ok", "X-Request-Id: mine");
    String id = response.need("x-request-id");
    assertThat(id).matches(UUID_V7);
    assertThat(response.headers("x-request-id")).hasSize(1);
    assertThat(ECHO.take().headers("x-request-id")).containsExactly(id);
    assertThat(STRICT.process().awaitAccess(id).path("path").asString()).isEqualTo("/ok");
  }

  @Test
  void eachRequestHasItsOwnId() throws Exception {
    try (RawHttp http = RawHttp.to(STRICT.port())) {
      String first = http.request("GET /ok").response("GET").need("x-request-id");
      String second = http.request("GET /ok").response("GET").need("x-request-id");
      assertThat(second).matches(UUID_V7).isNotEqualTo(first).isGreaterThanOrEqualTo(first);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /nowhere",
        "DELETE /ok",
        "POST /closed",
        "GET /closed",
        "GET /respond",
        "GET /redirect",
        "HEAD /respond"
      })
  void everyAnswerCarriesTheId(String requestLine) throws Exception {
    Response response = RawHttp.call(STRICT.port(), requestLine, "Content-Length: 0");
    String id = response.need("x-request-id");
    assertThat(id).matches(UUID_V7);
    if (response.status() >= 400) {
      assertThat(response.json().at("/meta/requestId").asString()).isEqualTo(id);
    }
    assertThat(STRICT.process().awaitAccess(id).path("status").asInt())
        .isEqualTo(response.status());
  }

  @Test
  void anAnswerToAnUnreadableRequestCarriesAnId() throws Exception {
    try (RawHttp http = RawHttp.to(STRICT.port())) {
      Response response = http.send("GET /ok HTTP/1.1\r\nHost : a\r\n\r\n").response("GET");
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.need("x-request-id")).matches(UUID_V7);
    }
  }

  @Test
  void trustedIdIsKept() throws Exception {
    for (String id :
        new String[] {"a", "abc-123", "!~#$%&'()*+/:;<=>?@[]^_`{|}", "x".repeat(128)}) {
      Response response = RawHttp.get(TRUSTING.port(), "/ok", "X-Request-Id: " + id);
      assertThat(response.headers("x-request-id")).containsExactly(id);
      assertThat(ECHO.take().headers("x-request-id")).containsExactly(id);
      assertThat(TRUSTING.process().awaitAccess(id).path("status").asInt()).isEqualTo(200);
    }
  }

  @Test
  void trustedIdOutsideTheRulesIsReplaced() throws Exception {
    for (String id : new String[] {"", "x".repeat(129), "a b", "caf\u00e9", "a\tb"}) {
      Response response = RawHttp.get(TRUSTING.port(), "/ok", "X-Request-Id: " + id);
      assertThat(response.need("x-request-id")).as("for <%s>", id).matches(UUID_V7);
      assertThat(ECHO.take().headers("x-request-id"))
          .containsExactly(response.need("x-request-id"));
    }
  }

  @Test
  void trustedIdIsInTheErrorToo() throws Exception {
    Response response = RawHttp.get(TRUSTING.port(), "/nowhere", "X-Request-Id: id-404");
    assertThat(response.headers("x-request-id")).containsExactly("id-404");
    assertThat(response.json().at("/meta/requestId").asString()).isEqualTo("id-404");
  }

  @Test
  void aTrustedProxysForwardingHeadersAreBelieved() throws Exception {
    RawHttp.get(TRUSTING.port(), "/ok", "X-Forwarded-For: 203.0.113.9");
    Received request = ECHO.take();
    assertThat(String.join(",", request.headers("x-forwarded-for"))).contains("203.0.113.9");
  }
}
