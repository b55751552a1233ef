package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the client gets where the service gives nothing useful. */
@Once
class FallbackIT {
  private static final ScriptedUpstream DOWN =
      ScriptedUpstream.answering(
          request ->
              request.target().endsWith("/missing")
                  ? Answer.of("404 Not Found", "none")
                  : Answer.of("503 Service Unavailable", "down"));
  private static final ScriptedUpstream SILENT =
      ScriptedUpstream.playing(
          connection -> {
            connection.read();
            connection.awaitEnd();
          });
  private static final ScriptedUpstream SPARE =
      ScriptedUpstream.answering(request -> Answer.ok("spare " + request.target()));

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("closed", ScriptedUpstream.closedPort())
              .with("down", DOWN.url())
              .with("silent", SILENT.url())
              .with("spare", SPARE.url())
              .upstreams(
                  """
                  upstreams:
                    closed: {endpoints: ["http://127.0.0.1:@closed@"]}
                    down: {endpoints: ["@down@"]}
                    silent: {endpoints: ["@silent@"]}
                    spare: {endpoints: ["@spare@"]}
                  """)
              .routes(
                  """
                  routes:
                    closed:
                      match: {path: /closed/**}
                      upstream: closed
                      retry: {max-attempts: 1}
                      fallback: {status: 200, body: '{"items": []}', content-type: application/json}
                    down:
                      match: {path: /down/**}
                      upstream: down
                      retry: {max-attempts: 1}
                      fallback: {status: 203, body: calm}
                    only-500:
                      match: {path: /only-500/**}
                      upstream: down
                      retry: {max-attempts: 1}
                      fallback: {on: [500], status: 203}
                    silent:
                      match: {path: /silent/**}
                      upstream: silent
                      timeout: {total: 200ms}
                      fallback: {status: 200, body: late}
                    spare:
                      match: {path: /spare/**}
                      upstream: closed
                      retry: {max-attempts: 1}
                      fallback: {upstream: spare}
                    spare-late:
                      match: {path: /spare-late/**}
                      upstream: silent
                      timeout: {total: 5s, per-try: 200ms}
                      retry: {max-attempts: 1}
                      fallback: {upstream: spare}
                  """));

  private static Response get(String path) throws Exception {
    return RawHttp.get(GATEWAY.port(), path);
  }

  @Test
  void aFixedAnswerStandsInForAServiceThatIsNotThere() throws Exception {
    Response response = get("/closed/a");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("{\"items\": []}");
    assertThat(response.header("content-type")).isEqualTo("application/json");
    assertThat(response.header("x-headgate-fallback")).isEqualTo("UPSTREAM_CONNECTION_REFUSED");
  }

  @Test
  void andForItsOwnComplaint() throws Exception {
    Response response = get("/down/a");

    assertThat(response.status()).isEqualTo(203);
    assertThat(response.text()).isEqualTo("calm");
    assertThat(response.header("x-headgate-fallback")).isEqualTo("503");
  }

  @Test
  void butNotForWhatTheServiceMeans() throws Exception {
    assertThat(get("/down/missing").status()).isEqualTo(404);
    assertThat(get("/only-500/a").status()).isEqualTo(503);
  }

  @Test
  void andForAServiceThatIsLate() throws Exception {
    Response response = get("/silent/a");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("late");
    assertThat(response.header("x-headgate-fallback")).isEqualTo("DEADLINE_EXCEEDED");
  }

  @Test
  void anotherUpstreamStandsIn() throws Exception {
    Response refused = get("/spare/a?b");
    assertThat(refused.status()).isEqualTo(200);
    assertThat(refused.text()).isEqualTo("spare /spare/a?b");
    assertThat(refused.header("x-headgate-fallback")).isEqualTo("UPSTREAM_CONNECTION_REFUSED");

    Response late = get("/spare-late/a");
    assertThat(late.text()).isEqualTo("spare /spare-late/a");
    assertThat(late.header("x-headgate-fallback")).isEqualTo("UPSTREAM_TIMEOUT");
  }

  @Test
  void aHeadGetsTheHeadOfIt() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      Response response = http.request("HEAD /closed/a").response("HEAD");
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.header("content-length")).isEqualTo("13");
      assertThat(http.request("GET /down/a").response("GET").text()).isEqualTo("calm");
    }
  }
}
