package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Alone;
import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.FullBacklog;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Tls;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way in which a service fails before its answer began: a code, a status, Proxy-Status. */
@Alone
@Once
class UpstreamFailureIT {
  private static final ScriptedUpstream RESETTING =
      ScriptedUpstream.playing(
          connection -> {
            connection.read();
            connection.reset();
          });
  private static final ScriptedUpstream CLOSING =
      ScriptedUpstream.playing(connection -> connection.read());
  private static final ScriptedUpstream HALF_HEAD =
      ScriptedUpstream.playing(
          connection -> {
            connection.read();
            connection.write("HTTP/1.1 200 OK\r\nContent-Le");
          });
  private static final ScriptedUpstream GARBAGE =
      ScriptedUpstream.playing(
          connection -> {
            connection.read();
            connection.write("SSH-2.0-OpenSSH_9.2p1\r\n\r\n");
            connection.awaitEnd();
          });
  private static final ScriptedUpstream SILENT =
      ScriptedUpstream.playing(
          connection -> {
            connection.read();
            connection.awaitEnd();
          });
  private static final ScriptedUpstream FINE =
      ScriptedUpstream.answering(
          request ->
              request.target().startsWith("/own-error")
                  ? Answer.of("503 Own Words", "<h1>down</h1>", "Content-Type: text/html")
                  : Answer.ok("fine"));
  private static final ScriptedUpstream PLAIN =
      ScriptedUpstream.playing(
          connection -> {
            connection.write(Answer.of("400 Bad Request", "", "Connection: close"));
            connection.awaitEnd();
          });
  private static final ScriptedUpstream SELF_SIGNED =
      ScriptedUpstream.playingOver(Tls.selfSigned(), connection -> connection.ok("never"));
  private static final FullBacklog FULL = FullBacklog.open();

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("closed", ScriptedUpstream.closedPort())
              .with("resetting", RESETTING.url())
              .with("closing", CLOSING.url())
              .with("half-head", HALF_HEAD.url())
              .with("garbage", GARBAGE.url())
              .with("silent", SILENT.url())
              .with("fine", FINE.url())
              .with("plain-port", PLAIN.port())
              .with("self-signed", SELF_SIGNED.url())
              .with("full", FULL.port())
              .upstreams(
                  """
                  upstreams:
                    refused: {endpoints: ["http://127.0.0.1:@closed@"]}
                    reset: {endpoints: ["@resetting@"]}
                    closing: {endpoints: ["@closing@"]}
                    half-head: {endpoints: ["@half-head@"]}
                    garbage: {endpoints: ["@garbage@"]}
                    silent: {endpoints: ["@silent@"]}
                    dns: {endpoints: ["http://no-such-host.invalid:8080"]}
                    tls: {endpoints: ["@self-signed@"]}
                    no-tls: {endpoints: ["https://127.0.0.1:@plain-port@"]}
                    connect: {endpoints: ["http://127.0.0.1:@full@"], connect-timeout: 300ms}
                    fine: {endpoints: ["@fine@"]}
                  """)
              .routes(
                  """
                  routes:
                    refused: {match: {path: /refused}, upstream: refused}
                    reset: {match: {path: /reset}, upstream: reset}
                    closing: {match: {path: /closing}, upstream: closing}
                    half-head: {match: {path: /half-head}, upstream: half-head}
                    garbage: {match: {path: /garbage}, upstream: garbage}
                    dns: {match: {path: /dns}, upstream: dns, timeout: {total: 12s}}
                    tls: {match: {path: /tls}, upstream: tls}
                    no-tls: {match: {path: /no-tls}, upstream: no-tls, timeout: {total: 8s}}
                    connect: {match: {path: /connect}, upstream: connect}
                    per-try: {match: {path: /per-try}, upstream: silent, timeout: {total: 10s, per-try: 400ms}}
                    total: {match: {path: /total}, upstream: silent, timeout: {total: 600ms}}
                    fine: {match: {path: "/{any}"}, upstream: fine}
                  """));

  @ParameterizedTest
  @CsvSource({
    "/refused, 502 503, connection_refused",
    "/reset, 502 503, connection_terminated",
    "/closing, 502 503, connection_terminated http_response_incomplete",
    "/half-head, 502 503, connection_terminated http_response_incomplete",
    "/garbage, 502, http_protocol_error",
    "/dns, 502 503, dns_error dns_timeout destination_not_found",
    "/tls, 502 503, tls_certificate_error tls_protocol_error tls_alert_received",
    "/no-tls, 502 503, tls_protocol_error",
    "/connect, 502 503 504, connection_timeout",
    "/per-try, 504, http_response_timeout",
    "/total, 504, http_response_timeout",
  })
  void failureHasItsStatusItsCodeAndProxyStatus(String path, String statuses, String errors)
      throws Exception {
    Response response = RawHttp.callWithBody(GATEWAY.port(), "POST " + path, "x");
    assertThat(statuses.split(" ", -1)).contains(Integer.toString(response.status()));
    assertThat(response.need("content-type")).startsWith("application/json");
    assertThat(response.errorCode()).matches("[A-Z][A-Z0-9_]+");
    assertThat(response.json().at("/error/message").asString()).isNotBlank();
    assertThat(response.json().at("/meta/requestId").asString())
        .isEqualTo(response.need("x-request-id"));
    String proxyStatus = response.need("proxy-status");
    assertThat(errors.split(" ", -1)).anyMatch(error -> proxyStatus.contains("error=" + error));
    assertThat(proxyStatus).matches("[A-Za-z*\"][^;]*;.*");
  }

  @Test
  void eachKindHasACodeOfItsOwn() throws Exception {
    Map<String, String> codes = new HashMap<>();
    for (String path : new String[] {"refused", "reset", "dns", "tls", "total", "closing"}) {
      codes.put(path, RawHttp.callWithBody(GATEWAY.port(), "POST /" + path, "x").errorCode());
    }
    assertThat(new HashSet<>(codes.values())).as("%s", codes).hasSize(codes.size());
  }

  @ParameterizedTest
  @CsvSource({"/refused", "/reset", "/dns", "/tls", "/total", "/closing"})
  void nothingInternalLeaks(String path) throws Exception {
    Response response = RawHttp.callWithBody(GATEWAY.port(), "POST " + path, "x");
    assertThat(response.head() + response.text())
        .doesNotContain("127.0.0.1")
        .doesNotContain("no-such-host")
        .doesNotContain("Exception")
        .doesNotContain("netty")
        .doesNotContain("\tat ");
  }

  @Test
  void aFailedSafeRequestIsA5xxToo() throws Exception {
    assertThat(RawHttp.get(GATEWAY.port(), "/reset").status()).isIn(502, 503);
    assertThat(RawHttp.get(GATEWAY.port(), "/closing").status()).isIn(502, 503);
  }

  @Test
  void timeoutsComeInTime() throws Exception {
    for (String path : new String[] {"/per-try", "/total", "/connect"}) {
      long start = System.nanoTime();
      RawHttp.callWithBody(GATEWAY.port(), "POST " + path, "x");
      assertThat((System.nanoTime() - start) / 1_000_000).as(path).isBetween(250L, 4_000L);
    }
  }

  @Test
  void theClientsConnectionServesOnAfterAFailure() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      assertThat(http.requestWithBody("POST /refused", "x").response("POST").status())
          .isIn(502, 503);
      assertThat(http.request("GET /fine").response("GET").text()).isEqualTo("fine");
      assertThat(http.requestWithBody("POST /total", "x").response("POST").status()).isEqualTo(504);
      assertThat(http.request("GET /fine").response("GET").text()).isEqualTo("fine");
    }
  }

  @Test
  void theServicesOwnErrorsPassUntouched() throws Exception {
    Response response = RawHttp.callWithBody(GATEWAY.port(), "POST /own-error", "x");
    assertThat(response.head().startLine()).startsWith("HTTP/1.1 503");
    assertThat(response.text()).isEqualTo("<h1>down</h1>");
    assertThat(response.need("content-type")).isEqualTo("text/html");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/problem+json|true",
        "application/json;q=0.5, application/problem+json|true",
        "application/problem+json;q=0.1, application/json|false",
        "*/*|false",
        "text/html|false",
        "application/json|false",
      })
  void problemJsonWhereTheClientPrefersIt(String accept, boolean problem) throws Exception {
    for (String path : new String[] {"/refused", "/no/where"}) {
      Response response = RawHttp.get(GATEWAY.port(), path, "Accept: " + accept);
      if (problem) {
        assertThat(response.need("content-type")).startsWith("application/problem+json");
        assertThat(response.json().path("status").asInt()).isEqualTo(response.status());
        assertThat(response.json().path("title").asString()).isNotBlank();
        assertThat(response.text()).contains(response.need("x-request-id"));
      } else {
        assertThat(response.need("content-type")).startsWith("application/json");
        assertThat(response.json().has("error")).isTrue();
      }
    }
  }

  @Test
  void theAccessLogSaysWhy() throws Exception {
    Response response = RawHttp.callWithBody(GATEWAY.port(), "POST /refused", "x");
    var line = GATEWAY.process().awaitAccess(response.need("x-request-id"));
    assertThat(line.path("status").asInt()).isEqualTo(response.status());
    assertThat(line.path("route").asString()).isEqualTo("refused");
    assertThat(line.path("flags").toString()).matches(".*[A-Za-z].*");
  }
}
