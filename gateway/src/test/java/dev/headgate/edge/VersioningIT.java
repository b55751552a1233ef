package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.telemetry.AccessRecord;
import dev.headgate.testing.Answer;
import dev.headgate.testing.Head;
import dev.headgate.testing.RawUpstream;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What service and client get of a route with versions. */
class VersioningIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private RawUpstream one;
  private RawUpstream two;

  @BeforeEach
  void route() {
    one = edge.answering(EdgeFixture.ok("one"));
    two =
        edge.answering(
            EdgeFixture.head(
                    "HTTP/1.1 201 Created",
                    "content-length: 3",
                    "vary: Accept-Language",
                    "location: /base/next/7",
                    "set-cookie: a=b; Path=/base/next")
                + "two");
    edge.table(
        """
        upstreams:
          one: {endpoints: ["http://127.0.0.1:%d"]}
          two: {endpoints: ["http://127.0.0.1:%d/base"]}
          three: {endpoints: ["http://127.0.0.1:%d"]}
        routes:
          users:
            match: {path: /users/**, methods: [GET, POST]}
            versioning:
              from: {path: "/v{version}", accept-parameter: version, header: X-API-Version, query: version}
              default: "2"
              versions:
                "1": {upstream: one, deprecated: 2026-01-01, sunset: 2027-01-01, docs: https://example.com/migrate}
                "2": {upstream: two}
                "2.1": {upstream: two, rewrite: {path: "/next/**", reverse: true}}
            cors: {origins: ["https://app.example.com"]}
          legacy:
            match: {path: /users/**, methods: [GET], headers: {x-legacy: "1"}}
            upstream: one
          literal:
            match: {path: /v1/users/me}
            respond: {status: 200, body: literal}
          back:
            match: {path: "/base/next/**"}
            rewrite: {reverse: true}
            versioning:
              from: {path: "/v{version}", query: version}
              versions: {"1": {upstream: three}, "2": {upstream: one}}
          strict:
            match: {path: /strict}
            versioning:
              from: {accept-parameter: v, header: Version}
              versions: {"1": {upstream: one}, "1.0.1": {upstream: two}}
        """
            .formatted(one.port(), two.port(), two.port()));
  }

  private Answer ask(String target, String... fields) throws IOException {
    StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nhost: gateway\r\n");
    for (String field : fields) {
      request.append(field).append("\r\n");
    }
    return edge.client().send(request.append("\r\n").toString()).readAnswer();
  }

  private Head service(RawUpstream of) {
    assertThat(of.requests()).hasSize(1);
    return of.requests().get(0).head();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/users/7?a=1            | x: y                                         | /users/7?a=1     | path",
        "/v1.0/users                | x: y                                         | /users           | path",
        "/users/7?version=1         | x: y                                         | /users/7         | query",
        "/users?b=%20+&&version=1&a | x: y                                         | /users?b=%20+&&a | query",
        "/users/7                   | X-API-Version: v1                            | /users/7         | header",
        "/users/a%2Fb/              | Accept: */*, a/b;version=\"1\";q=0.5;x=\"1,2\" | /users/a%2Fb/    | accept",
      })
  void eachOfTheStylesReachesTheServiceWithoutTheVersion(
      String target, String field, String asked, String source) throws IOException {
    Answer answer = ask(target, field);

    assertThat(answer.body()).isEqualTo("one");
    assertThat(answer.field("api-version")).isEqualTo("1");
    assertThat(answer.field("vary")).isEqualTo("Accept, X-API-Version, Origin");
    Head service = service(one);
    assertThat(service.target()).isEqualTo(asked);
    assertThat(service.field("x-api-version")).isEqualTo("1");
    AccessRecord record = edge.record(0);
    assertThat(record.version()).isEqualTo("1");
    assertThat(record.versionFrom()).isEqualTo(source);
    assertThat(record.upstream()).isEqualTo("one");
    assertThat(record.route()).isEqualTo("users");
  }

  @Test
  void acceptGoesOnWithoutTheParameterAndElseAsItCame() throws IOException {
    ask("/users", "Accept: a/b; version=1;q=0.5;x=\"1;version=2,\", c/d", "Accept: e/f;version=9");
    assertThat(service(one).fields())
        .contains("accept: a/b;q=0.5;x=\"1;version=2,\", c/d", "accept: e/f");
  }

  @Test
  void whatIsRefusedInAnotherVersionIsNotRefusedInThis() throws IOException {
    ask("/v1/users", "Accept: a/b;version=2;q=0", "Accept: a/b;version=1, c/d;version=9;q=0");
    assertThat(service(one).fields()).contains("accept: a/b");
    ask("/users", "Accept: a/b;version=1;q=0");
    assertThat(service(two).field("accept")).isNull();
  }

  @Test
  void ofLinesOfEqualWeightTheFirstCounts() throws IOException {
    Answer first = ask("/users", "Accept: a/b;version=1", "Accept: c/d;version=2.1");
    assertThat(first.field("api-version")).isEqualTo("1");
    Answer other = ask("/users", "Accept: a/b;version=2.1", "Accept: c/d;version=1");
    assertThat(other.field("api-version")).isEqualTo("2.1");
  }

  @Test
  void aVersionRewritesThePathAndTurnsItBackBehindItself() throws IOException {
    Answer answer = ask("/v2.1/users/7?x=1");

    assertThat(service(two).target()).isEqualTo("/base/next/7?x=1");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.field("location")).isEqualTo("/v2.1/users/7");
    assertThat(answer.field("set-cookie")).isEqualTo("a=b; Path=/v2.1/users");
    assertThat(answer.field("vary")).isEqualTo("Accept-Language, Accept, X-API-Version, Origin");
  }

  @Test
  void aPathThatStaysIsTurnedBackBehindItsVersionToo() throws IOException {
    Answer inPath = ask("/v1/base/next");
    assertThat(inPath.field("location")).isEqualTo("/v1/base/next/7");
    assertThat(inPath.field("set-cookie")).isEqualTo("a=b; Path=/v1/base/next");
    assertThat(service(two).target()).isEqualTo("/base/next");
    Answer inQuery = ask("/base/next?version=1");
    assertThat(inQuery.field("location")).isEqualTo("/base/next/7");
  }

  @Test
  void theDefaultServesWhereNothingIsSaid() throws IOException {
    Answer answer = ask("/users", "X-API-Other: 1");
    assertThat(answer.field("api-version")).isEqualTo("2");
    assertThat(answer.field("deprecation")).isNull();
    assertThat(service(two).target()).isEqualTo("/base/users");
    assertThat(service(two).field("x-api-version")).isEqualTo("2");
    assertThat(edge.record(0).versionFrom()).isEqualTo("default");
  }

  @Test
  void whatWillGoIsTold() throws IOException {
    Answer answer = ask("/v1/users");
    assertThat(answer.field("deprecation")).isEqualTo("@1767225600");
    assertThat(answer.field("sunset")).isEqualTo("Fri, 01 Jan 2027 00:00:00 GMT");
    assertThat(answer.field("link"))
        .isEqualTo(
            "<https://example.com/migrate>; rel=\"deprecation\","
                + "<https://example.com/migrate>; rel=\"sunset\"");
  }

  @Test
  void afterItsSunsetAVersionIsGone() throws IOException {
    edge.now(Instant.parse("2026-12-31T23:59:59.999Z"));
    assertThat(ask("/v1/users").status()).isEqualTo(200);

    edge.now(Instant.parse("2027-01-01T00:00:00Z"));
    Answer gone = ask("/users?version=1", "Origin: https://app.example.com");
    assertThat(gone.status()).isEqualTo(410);
    assertThat(gone.body()).contains("VERSION_SUNSET");
    assertThat(gone.field("link")).contains("rel=\"sunset\"");
    assertThat(gone.field("access-control-allow-origin")).isEqualTo("https://app.example.com");
    assertThat(one.requests()).hasSize(1);
    assertThat(edge.record(1).version()).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v9/users          | x: y                    | 400 | UNSUPPORTED_VERSION | \"path\"",
        "/users?version=0x1 | x: y                    | 400 | UNSUPPORTED_VERSION | supported: 1, 2, 2.1",
        "/users             | X-API-Version: latest   | 400 | UNSUPPORTED_VERSION | header X-API-Version",
        "/users             | Accept: a/b;version=3   | 406 | UNSUPPORTED_VERSION | Accept parameter version",
        "/users?version=3   | Accept: a/b;version=3   | 400 | UNSUPPORTED_VERSION | query parameter version",
        "/v1/users          | X-API-Version: 2        | 400 | VERSION_CONFLICT    | header X-API-Version",
        "/strict            | x: y                    | 400 | VERSION_REQUIRED    | header Version",
      })
  void refusalsSayWhatAndWhere(String target, String field, int status, String code, String detail)
      throws IOException {
    Answer answer = ask(target, field);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"").contains(detail);
    assertThat(answer.field("vary")).contains("Accept");
    assertThat(answer.field("x-request-id")).isNotNull();
    assertThat(answer.field("api-version")).isNull();
    AccessRecord record = edge.record(0);
    assertThat(record.flags()).containsExactly(code);
    assertThat(record.route()).isEqualTo(target.startsWith("/strict") ? "strict" : "users");
    assertThat(record.version()).isNull();
    assertThat(one.accepted() + two.accepted()).isZero();
  }

  @Test
  void aClientIsNotToldAllItSays() throws IOException {
    Answer answer = ask("/users?" + "version=1&version=2&version=9&".repeat(100));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).hasSizeLessThan(500);
    StringBuilder many = new StringBuilder("/users?");
    for (int i = 10; i < 200; i++) {
      many.append("version=").append(i).append('&');
    }
    Answer told = ask(many.toString());
    assertThat(told.status()).isEqualTo(400);
    assertThat(told.body()).contains("UNSUPPORTED_VERSION").hasSizeLessThan(2_000);
  }

  @Test
  void whatIsAskedOfTheWholeServerStaysThat() throws IOException {
    edge.table(
        """
        upstreams:
          two: {endpoints: ["http://127.0.0.1:%d/base"]}
        routes:
          all:
            match: {path: /**}
            versioning:
              from: {path: "/v{version}", query: v}
              default: 1
              versions: {1: {upstream: two}}
        """
            .formatted(two.port()));
    edge.client().send(EdgeFixture.request("OPTIONS", "*")).readAnswer();
    ask("/v1?v=1");
    assertThat(two.requests())
        .extracting(request -> request.head().target())
        .containsExactly("*", "/base/");
  }

  @Test
  void problemDetailsCarryTheStatusThatIsSent() throws IOException {
    Answer answer = ask("/users", "Accept: application/problem+json;version=3");
    assertThat(answer.status()).isEqualTo(406);
    assertThat(answer.body()).contains("\"status\":406");
  }

  @Test
  void otherRoutesKeepWhatIsTheirs() throws IOException {
    assertThat(ask("/v1/users/me").body()).isEqualTo("literal");
    assertThat(ask("/vendors/users").body()).isEqualTo("spring");
    assertThat(ask("/users", "X-Legacy: 1", "X-API-Version: 9").body()).isEqualTo("one");
    assertThat(ask("/v2/strict").body()).isEqualTo("spring");
  }

  @Test
  void methodsHoldAtBothPlaces() throws IOException {
    for (String path : new String[] {"/users/1", "/v1/users/1", "/v9/users/1"}) {
      Answer answer = edge.client().send(EdgeFixture.request("PUT", path)).readAnswer();
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.field("allow")).isEqualTo("GET, POST");
    }
  }

  @Test
  void aPreflightNeedsNoVersion() throws IOException {
    for (String path : new String[] {"/users", "/v1/users", "/v9/users"}) {
      String preflight =
          EdgeFixture.head(
              "OPTIONS " + path + " HTTP/1.1",
              "host: gateway",
              "origin: https://app.example.com",
              "access-control-request-method: POST");
      Answer answer = edge.client().send(preflight).readAnswer();
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.field("access-control-allow-methods")).isEqualTo("GET, POST");
    }
  }

  @Test
  void aRefusedBodyIsDroppedAndTheConnectionGoesOn() throws IOException {
    var client = edge.client();
    client.send(EdgeFixture.request("POST", "/v9/users", "x".repeat(1_000)));
    assertThat(client.readAnswer().status()).isEqualTo(400);
    client.send(EdgeFixture.request("GET", "/v1/users"));
    assertThat(client.readAnswer().body()).isEqualTo("one");
  }
}
