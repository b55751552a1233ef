package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which route answers: each route here says its own id. */
@Once
class MatchingIT {
  private static final String ROUTES =
      """
      routes:
        host-exact: {match: {hosts: [api.example.com], path: /h/**}, respond: {status: 200, body: host-exact}}
        host-wild: {match: {hosts: ["*.example.com"], path: /h/**}, respond: {status: 200, body: host-wild}}
        host-any: {match: {path: /h/**}, respond: {status: 200, body: host-any}}
        host-only-deep: {match: {hosts: [api.example.com], path: /deep/special}, respond: {status: 200, body: host-only-deep}}
        deep: {match: {path: /deep/**}, respond: {status: 200, body: deep}}

        literal: {match: {path: /p/fixed}, respond: {status: 200, body: literal}}
        variable: {match: {path: "/p/{name}", headers: {x-kind: variable}}, respond: {status: 200, body: variable}}
        star: {match: {path: "/p/*"}, respond: {status: 200, body: star}}
        rest: {match: {path: "/p/**"}, respond: {status: 200, body: rest}}
        users-id: {match: {path: "/users/{id}/**"}, respond: {status: 200, body: users-id}}
        users: {match: {path: /users/**}, respond: {status: 200, body: users}}
        literal-guarded: {match: {path: /g/one, headers: {x-yes: "1"}}, respond: {status: 200, body: literal-guarded}}
        variable-fallback: {match: {path: "/g/{name}"}, respond: {status: 200, body: variable-fallback}}
        middle: {match: {path: "/m/{a}/x/{b}"}, respond: {status: 200, body: middle}}

        read: {match: {path: /orders, methods: [GET, HEAD]}, respond: {status: 200, body: read}}
        create: {match: {path: /orders, methods: [POST]}, respond: {status: 201, body: create}}

        jason: {match: {path: /headers, headers: {end-user: jason}}, respond: {status: 200, body: jason}}
        tier: {match: {path: /tier, headers: {x-tier: {regex: "gold|silver"}}}, respond: {status: 200, body: tier}}
        quiet: {match: {path: /quiet, headers: {x-debug: {present: false}}}, respond: {status: 200, body: quiet}}
        loud: {match: {path: /loud, headers: {x-debug: {present: true}}}, respond: {status: 200, body: loud}}
        two: {match: {path: /two, headers: {a: "1", b: "2"}}, respond: {status: 200, body: two}}

        beta: {match: {path: /q, query: {beta: "1"}}, respond: {status: 200, body: beta}}
        plain: {match: {path: /q}, respond: {status: 200, body: plain}}

        priority-rest: {match: {path: /prio/**, headers: {x-p: "1"}}, priority: 10, respond: {status: 200, body: priority-rest}}
        priority-literal: {match: {path: /prio/exact}, respond: {status: 200, body: priority-literal}}
        priority-low: {match: {path: /prio/**}, priority: -5, respond: {status: 200, body: priority-low}}
      """;

  @RegisterExtension
  static final SharedGateway GATEWAY = SharedGateway.over(ConfigRepo.create().routes(ROUTES));

  private static String routeOf(String requestLine, String... headers) throws Exception {
    Response response = RawHttp.call(GATEWAY.port(), requestLine, headers);
    return response.status() / 100 == 2 ? response.text() : Integer.toString(response.status());
  }

  @ParameterizedTest
  @CsvSource({
    "api.example.com, host-exact",
    "api.example.com:8443, host-exact",
    "API.Example.COM, host-exact",
    "shop.example.com, host-wild",
    "a.b.example.com, host-wild",
    "shop.example.com:80, host-wild",
    "example.com, host-any",
    "example.com.evil.org, host-any",
    "notexample.com, host-any",
    "127.0.0.1:8080, host-any",
  })
  void hostChoosesExactThenWildcardThenAny(String host, String route) throws Exception {
    assertThat(routeOf("GET /h/x", "Host: " + host)).isEqualTo(route);
  }

  @Test
  void aPathThatTheHostsRoutesDoNotHaveFallsToRoutesOfAnyHost() throws Exception {
    assertThat(routeOf("GET /deep/special", "Host: api.example.com")).isEqualTo("host-only-deep");
    assertThat(routeOf("GET /deep/other", "Host: api.example.com")).isEqualTo("deep");
  }

  @Test
  void hostOfAnAbsoluteTargetCounts() throws Exception {
    assertThat(routeOf("GET http://api.example.com/h/x", "Host: api.example.com"))
        .isEqualTo("host-exact");
  }

  @ParameterizedTest
  @CsvSource({
    "/p/fixed, literal",
    "/p/fixed?x=/p/other, literal",
    "/p/other, star",
    "/p/a/b, rest",
    "/p/fixed/more, rest",
    "/p, rest",
    "/p/a%2Fb, star",
    "/users, users",
    "/users/7, users-id",
    "/users/7/orders/1, users-id",
    "/m/1/x/2, middle",
    "/m/1/y/2, 404",
    "/m/1/x/2/3, 404",
    "/usersx, 404",
    "/, 404",
    "/P/fixed, 404",
  })
  void pathChoosesLiteralThenStarThenRest(String target, String route) throws Exception {
    assertThat(routeOf("GET " + target)).isEqualTo(route);
  }

  @Test
  void variableGoesBeforeStarAndAfterLiteral() throws Exception {
    assertThat(routeOf("GET /p/other", "x-kind: variable")).isEqualTo("variable");
    assertThat(routeOf("GET /p/fixed", "x-kind: variable")).isEqualTo("literal");
  }

  @Test
  void aLiteralWhoseConditionsFailGivesWayToALessSpecificPath() throws Exception {
    assertThat(routeOf("GET /g/one", "x-yes: 1")).isEqualTo("literal-guarded");
    assertThat(routeOf("GET /g/one")).isEqualTo("variable-fallback");
  }

  @Test
  void methodChoosesTheRoute() throws Exception {
    assertThat(routeOf("GET /orders")).isEqualTo("read");
    assertThat(routeOf("POST /orders", "Content-Length: 0")).isEqualTo("create");
  }

  @Test
  void knownPathWithAnotherMethodIs405WithAllow() throws Exception {
    Response response = RawHttp.call(GATEWAY.port(), "DELETE /orders");
    assertThat(response.status()).isEqualTo(405);
    List<String> allowed = Arrays.asList(response.need("allow").split("\\s*,\\s*", -1));
    assertThat(allowed).contains("GET", "HEAD", "POST").doesNotContain("DELETE");
    assertThat(response.errorCode()).isNotBlank();
  }

  @Test
  void headerConditions() throws Exception {
    assertThat(routeOf("GET /headers", "end-user: jason")).isEqualTo("jason");
    assertThat(routeOf("GET /headers", "END-USER: jason")).isEqualTo("jason");
    assertThat(routeOf("GET /headers", "end-user: jasper")).isEqualTo("404");
    assertThat(routeOf("GET /headers")).isEqualTo("404");
    assertThat(routeOf("GET /two", "a: 1", "b: 2")).isEqualTo("two");
    assertThat(routeOf("GET /two", "a: 1")).isEqualTo("404");
  }

  @Test
  void headerByRegularExpressionMatchesTheWholeValue() throws Exception {
    assertThat(routeOf("GET /tier", "x-tier: gold")).isEqualTo("tier");
    assertThat(routeOf("GET /tier", "x-tier: silver")).isEqualTo("tier");
    assertThat(routeOf("GET /tier", "x-tier: bronze")).isEqualTo("404");
    assertThat(routeOf("GET /tier", "x-tier: marigolds")).isEqualTo("404");
  }

  @Test
  void headerByPresence() throws Exception {
    assertThat(routeOf("GET /quiet")).isEqualTo("quiet");
    assertThat(routeOf("GET /quiet", "x-debug: 1")).isEqualTo("404");
    assertThat(routeOf("GET /loud", "x-debug: 1")).isEqualTo("loud");
    assertThat(routeOf("GET /loud")).isEqualTo("404");
  }

  @ParameterizedTest
  @CsvSource({
    "/q?beta=1, beta",
    "/q?x=y&beta=1, beta",
    "/q?beta=1&x=y, beta",
    "/q?beta=2, plain",
    "/q?beta=11, plain",
    "/q?alphabeta=1, plain",
    "/q?beta, plain",
    "/q, plain",
  })
  void queryCondition(String target, String route) throws Exception {
    assertThat(routeOf("GET " + target)).isEqualTo(route);
  }

  @Test
  void priorityGoesBeforeSpecificity() throws Exception {
    assertThat(routeOf("GET /prio/exact", "x-p: 1")).isEqualTo("priority-rest");
    assertThat(routeOf("GET /prio/exact")).isEqualTo("priority-literal");
    assertThat(routeOf("GET /prio/else")).isEqualTo("priority-low");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nowhere", "/h%2Fx", "/orders/7"})
  void unknownPathIs404InTheEnvelope(String target) throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), target);
    assertThat(response.status()).isEqualTo(404);
    assertThat(response.need("content-type")).startsWith("application/json");
    assertThat(response.errorCode()).isNotBlank();
    assertThat(response.json().at("/error/message").asString()).isNotBlank();
    assertThat(response.json().at("/meta/requestId").asString())
        .isEqualTo(response.need("x-request-id"));
  }
}
