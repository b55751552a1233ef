package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.Certificate;
import dev.headgate.contract.harness.Commands;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Http2Client;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.samples.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * The versions of a route, from outside: four ways to ask, against the sample services, over
 * HTTP/1.1 and HTTP/2.
 */
@Once
class VersioningIT {
  private static final Samples SAMPLES = samples();
  private static final ScriptedUpstream ECHO =
      ScriptedUpstream.answering(
          request ->
              Answer.ok(request.method() + " " + request.target(), "Link: </own>; rel=\"sunset\""));

  private static final Http2Client HTTP2 = new Http2Client();

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          repo()
              .with("one", SAMPLES.port(Samples.Service.USERS_V1))
              .with("two", SAMPLES.port(Samples.Service.USERS_V2))
              .with("echo", ECHO.url())
              .gateway(
                  """
                  spring.ssl.bundle.pem.web.keystore: {certificate: "@folder@/web.crt", private-key: "@folder@/web.key"}
                  headgate.listeners.tls: {port: 0, ssl: {bundle: web}}
                  spring.cloud.gateway.server.webflux.routes:
                    - id: mounted
                      uri: no://op
                      predicates: [Path=/mounted/**]
                      filters: [Headgate=days]
                  """)
              .upstreams(
                  """
                  upstreams:
                    users-v1: {endpoints: ["http://127.0.0.1:@one@"]}
                    users-v2: {endpoints: ["http://127.0.0.1:@two@"]}
                    echo: {endpoints: ["@echo@"]}
                  """)
              .routes(
                  """
                  routes:
                    users:
                      match: {path: /users/**}
                      versioning:
                        from:                         # any subset
                          path: "/v{version}"         # GET /v2/users
                          accept-parameter: version   # Accept: application/vnd.api+json; version=2
                          header: X-API-Version
                          query: version              # GET /users?version=2
                        default: "2"                  # left out: a version is required
                        versions:
                          "1": {upstream: users-v1, deprecated: 2026-01-01, sunset: 2035-01-01, docs: https://example.com/migrate}
                          "2": {upstream: users-v2}
                          "2.1": {upstream: echo, rewrite: {path: "/next/**"}}
                    vendors: {match: {path: /vendors/users}, respond: {body: vendors}}
                    days:
                      match: {path: /days}
                      versioning:
                        from: {header: X-Day, query: day}
                        scheme: date
                        versions:
                          2026-01-15: {upstream: echo, deprecated: 2026-02-01, sunset: 2035-01-01, docs: https://example.com/d}
                          2026-11-01: {upstream: echo}
                    gone:
                      match: {path: /gone}
                      versioning:
                        from: {query: v}
                        versions:
                          1: {upstream: echo, sunset: 2020-01-01, docs: https://example.com/gone}
                    kept:
                      match: {path: /kept}
                      versioning:
                        from: {query: v}
                        after-sunset: serve
                        versions: {1: {upstream: echo, sunset: 2020-01-01}}
                    compatible:
                      match: {path: /compatible}
                      versioning:
                        from: {query: v}
                        match: compatible
                        versions: {"1": {upstream: echo}, "1.4": {upstream: echo}, "1.10": {upstream: echo}}
                  """));

  private static ConfigRepo repo() {
    ConfigRepo repo = ConfigRepo.create();
    Certificate.of("web.test").writeTo(repo.folder(), "web");
    return repo.with("folder", repo.folder().toString());
  }

  private static Samples samples() {
    try {
      return Samples.startOnFreePorts();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @AfterAll
  static void stop() {
    SAMPLES.close();
    ECHO.close();
  }

  @BeforeEach
  void forget() {
    ECHO.forget();
  }

  private static Response get(String target, String... headers) throws IOException {
    return RawHttp.get(GATEWAY.port(), target, headers);
  }

  private static Response overHttp2(String target, String... headers) throws IOException {
    return HTTP2.get(GATEWAY.process().port("tls"), target, headers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/users/1                | X-A: b                                                        | users-v2 | 2 | default",
        "/v1/users/1             | X-A: b                                                        | users-v1 | 1 | path",
        "/v2.0/users/1           | X-A: b                                                        | users-v2 | 2 | path",
        "/users/1?version=1      | X-A: b                                                        | users-v1 | 1 | query",
        "/users/1                | X-API-Version: v1                                             | users-v1 | 1 | header",
        "/users/1                | Accept: application/vnd.api+json; version=1                   | users-v1 | 1 | accept",
        "/users/1                | Accept: */*, application/vnd.api+json;version=\"1\"           | users-v1 | 1 | accept",
        "/users/1                | Accept: a/b;version=1;q=0.3, a/b;version=2;q=0.4              | users-v2 | 2 | accept",
        "/v1/users/1?version=1.0 | Accept: a/b;version=v1                                        | users-v1 | 1 | path",
      })
  void fourWaysLeadToTheService(
      String target, String field, String service, String version, String source)
      throws IOException {
    for (Response response : List.of(get(target, field), overHttp2(target, field))) {
      assertThat(response.need("x-service")).isEqualTo(service);
      assertServed(response, version, source);
    }
  }

  private static void assertServed(Response response, String version, String source) {
    assertThat(response.status()).as(response.toString()).isEqualTo(200);
    assertThat(response.need("api-version")).isEqualTo(version);
    assertThat(String.join(", ", response.headers("vary")))
        .containsIgnoringCase("Accept")
        .containsIgnoringCase("X-API-Version");
    JsonNode line = GATEWAY.process().awaitAccess(response.need("x-request-id"));
    assertThat(line.path("version").asString()).isEqualTo(version);
    assertThat(line.path("versionFrom").asString()).isEqualTo(source);
    assertThat(line.path("route").asString()).isEqualTo("users");
  }

  @Test
  void theServiceGetsAllButTheVersion() throws IOException {
    String target = "/v2.1/users/a%2Fb//?b=%20+&&version=2.1&a=1&";
    String[] fields = {
      "Accept: a/b; version=\"2.1\" ;q=0.5;p=\"1,2\", c/d",
      "Accept: e/f;version=2;q=0.4, g/h;version=1;q=0",
      "X-API-Version: 2.1.0"
    };
    for (Response response : List.of(get(target, fields), overHttp2(target, fields))) {
      assertThat(response.text()).isEqualTo("GET /next/a%2Fb//?b=%20+&&a=1&");
      Received received = ECHO.take();
      assertThat(String.join(", ", received.headers("accept")))
          .isEqualTo("a/b ;q=0.5;p=\"1,2\", c/d, e/f;q=0.4");
      assertThat(received.headers("x-api-version")).containsExactly("2.1");
    }
  }

  @Test
  void ofLinesOfEqualWeightTheFirstCounts() throws IOException {
    for (String[] lines :
        new String[][] {
          {"Accept: a/b;version=1", "Accept: c/d;version=2", "1"},
          {"Accept: a/b;version=2", "Accept: c/d;version=1", "2"},
        }) {
      assertThat(get("/users/1", lines[0], lines[1]).need("api-version")).isEqualTo(lines[2]);
      assertThat(overHttp2("/users/1", lines[0], lines[1]).need("api-version")).isEqualTo(lines[2]);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v9/users   | X-A: b                        | 400 | UNSUPPORTED_VERSION | supported: 1, 2, 2.1",
        "/v2x/users  | X-A: b                        | 400 | UNSUPPORTED_VERSION | 2x",
        "/users      | Accept: */*, a/b;version=\"9\" | 406 | UNSUPPORTED_VERSION | Accept parameter version",
        "/v1/users   | X-API-Version: 2              | 400 | VERSION_CONFLICT    | header X-API-Version",
        "/days       | X-A: b                        | 400 | VERSION_REQUIRED    | query parameter day",
        "/days       | X-Day: 2025-12-31             | 400 | UNSUPPORTED_VERSION | 2026-01-15, 2026-11-01",
        "/gone?v=1   | X-A: b                        | 410 | VERSION_SUNSET      | VERSION_SUNSET",
      })
  void refusalsAreErrorsLikeAnyOther(
      String target, String field, int status, String code, String text) throws IOException {
    for (Response response : List.of(get(target, field), overHttp2(target, field))) {
      assertRefused(response, status, code, text);
    }
  }

  private static void assertRefused(Response response, int status, String code, String text) {
    assertThat(response.status()).as(response.toString()).isEqualTo(status);
    assertThat(response.errorCode()).isEqualTo(code);
    assertThat(response.text()).contains(text);
    JsonNode line = GATEWAY.process().awaitAccess(response.need("x-request-id"));
    assertThat(line.path("flags").toString()).contains(code);
    assertThat(line.path("attempts").asInt(-1)).isZero();
  }

  @Test
  void whatLooksLikeAVersionIsNone() throws IOException {
    assertThat(get("/vendors/users").text()).isEqualTo("vendors");
    assertThat(get("/v1/nothing").errorCode()).isEqualTo("ROUTE_NOT_FOUND");
  }

  @ParameterizedTest
  @CsvSource({"2026-01-15,2026-01-15", "2026-10-31,2026-01-15", "2040-01-01,2026-11-01"})
  void aDayIsServedByTheNewestVersionNotAfterIt(String asked, String served) throws IOException {
    assertThat(get("/days", "X-Day: " + asked).need("api-version")).isEqualTo(served);
    assertThat(get("/mounted/x?day=" + asked).need("api-version")).isEqualTo(served);
  }

  @Test
  void aMountedChainRefusesToo() throws IOException {
    assertThat(get("/mounted/x").errorCode()).isEqualTo("VERSION_REQUIRED");
    assertThat(get("/mounted/x?day=2026-12-24&a=b").text()).isEqualTo("GET /mounted/x?a=b");
  }

  @Test
  void compatibleIsTheHighest() throws IOException {
    assertThat(get("/compatible?v=1").need("api-version")).isEqualTo("1.10");
    assertThat(get("/compatible?v=1.4").need("api-version")).isEqualTo("1.4");
  }

  @Test
  void theLifeCycleIsToldOnce() throws IOException {
    assertTold(get("/v1/users/1"));
    assertTold(overHttp2("/v1/users/1"));
    assertThat(get("/days?day=2026-02-02").headers("link"))
        .containsExactly("</own>; rel=\"sunset\"", "<https://example.com/d>; rel=\"deprecation\"");
    assertThat(get("/gone?v=1").headers("link"))
        .containsExactly("<https://example.com/gone>; rel=\"sunset\"");
    Response kept = get("/kept?v=1");
    assertThat(kept.status()).isEqualTo(200);
    assertThat(kept.need("sunset")).isEqualTo("Wed, 01 Jan 2020 00:00:00 GMT");
  }

  private static void assertTold(Response old) {
    assertThat(old.headers("deprecation")).containsExactly("@1767225600");
    assertThat(old.headers("sunset")).containsExactly("Mon, 01 Jan 2035 00:00:00 GMT");
    assertThat(old.headers("link"))
        .containsExactly(
            "<https://example.com/migrate>; rel=\"deprecation\"",
            "<https://example.com/migrate>; rel=\"sunset\"");
  }

  @Test
  void healthAndCheckTellWhatWillGo() throws Exception {
    JsonNode details =
        GATEWAY.process().health().json().path("components").path("versions").path("details");
    assertThat(details.path("users").path("1").path("deprecated").asString())
        .isEqualTo("2026-01-01T00:00:00Z");
    assertThat(details.path("gone").path("1").path("sunsetIn").asString()).isEqualTo("passed");
    assertThat(details.has("compatible")).isFalse();

    Commands.Result check = Commands.headgate("check", GATEWAY.repo().folder().toString());
    assertThat(check.exit()).isZero();
    List<String> warnings =
        check.out().lines().filter(line -> line.contains("VERSION_SUNSET")).toList();
    assertThat(warnings).hasSize(2).allMatch(line -> line.contains("2020-01-01"));
  }
}
