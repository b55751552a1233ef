package dev.headgate.route;

import static dev.headgate.route.Rules.index;
import static dev.headgate.route.Rules.route;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RouteIndexTest {

  private static String winner(RouteIndex<String> index, RouteRequest request) {
    Match<String> match = index.match(request);
    return match instanceof Match.Found<String> found ? found.value() : match.toString();
  }

  private static String winner(RouteIndex<String> index, String target) {
    return winner(index, Requests.get(target));
  }

  @Test
  void restMatchesNoneOneAndManySegments() {
    RouteIndex<String> index = index(route("users", "/users/**"));
    for (String path : List.of("/users", "/users/", "/users/1", "/users//x/")) {
      assertThat(winner(index, path)).isEqualTo("users");
    }
    assertThat(index.match(Requests.get("/usersx"))).isEqualTo(new Match.NotFound<>(false));
  }

  @Test
  void trailingSlashIsAnotherPath() {
    RouteIndex<String> index = index(route("bare", "/users"), route("slash", "/users/"));
    assertThat(winner(index, "/users")).isEqualTo("bare");
    assertThat(winner(index, "/users/")).isEqualTo("slash");
    assertThat(winner(index, "/users//")).contains("NotFound");
  }

  @Test
  void variableAndStarTakeExactlyOneNonEmptySegment() {
    RouteIndex<String> index = index(route("var", "/u/{id}"), route("star", "/s/*/x"));
    assertThat(winner(index, "/u/1")).isEqualTo("var");
    assertThat(winner(index, "/u/")).contains("NotFound");
    assertThat(winner(index, "/s/1/x")).isEqualTo("star");
    assertThat(winner(index, "/s//x")).contains("NotFound");
  }

  @Test
  void literalBeatsVariableBeatsStarBeatsRestAndAnEndBeatsRest() {
    RouteIndex<String> index =
        index(
            route("rest", "/a/**"),
            route("star", "/a/*/x"),
            route("var", "/a/{b}/{c}"),
            route("literal", "/a/b/**"),
            route("end", "/a"));
    assertThat(winner(index, "/a")).isEqualTo("end");
    assertThat(winner(index, "/a/b/x")).isEqualTo("literal");
    assertThat(winner(index, "/a/c/x")).isEqualTo("var");
    assertThat(winner(index, "/a/c/d/e")).isEqualTo("rest");
  }

  @Test
  void failedLiteralBranchFallsBackToTheVariable() {
    RouteIndex<String> index = index(route("literal", "/a/b/c"), route("var", "/a/{x}/d"));
    assertThat(winner(index, "/a/b/d")).isEqualTo("var");
  }

  @Test
  void priorityBeatsEverySpecificity() {
    RouteIndex<String> index =
        index(
            route("exact", "/a").hosts("h.example.com").methods("GET").header("x", "1"),
            route("any", "/**").priority(1));
    assertThat(winner(index, Requests.of("GET", "h.example.com", "/a").with("x", "1")))
        .isEqualTo("any");
  }

  @Test
  void exactHostBeatsLongerWildcardBeatsShorterBeatsNone() {
    RouteIndex<String> index =
        index(
            route("none", "/a"),
            route("short", "/a").hosts("*.example.com"),
            route("long", "/**").hosts("*.eu.example.com"),
            route("exact", "/**").hosts("api.eu.example.com"));
    assertThat(winner(index, Requests.of("GET", "API.eu.example.com:8080", "/a")))
        .isEqualTo("exact");
    assertThat(winner(index, Requests.of("GET", "a.b.eu.example.com.", "/a"))).isEqualTo("long");
    assertThat(winner(index, Requests.of("GET", "eu.example.com", "/a"))).isEqualTo("short");
    assertThat(winner(index, Requests.of("GET", "example.com", "/a"))).isEqualTo("none");
  }

  @Test
  void segmentsAreComparedDecodedAndAnEncodedSlashIsData() {
    RouteIndex<String> index =
        index(route("cafe", "/café/a%2Fb"), route("space", "/a b"), route("two", "/{x}/{y}"));
    assertThat(winner(index, "/caf%C3%A9/%61%2fb")).isEqualTo("cafe");
    assertThat(winner(index, "/a%20b")).isEqualTo("space");
    assertThat(winner(index, "/x%2Fy")).contains("NotFound");
    assertThat(winner(index, "/Caf%C3%A9/a%2Fb")).isEqualTo("two");
  }

  @Test
  void capturesAreRaw() {
    RouteIndex<String> index = index(route("r", "/u/{id}/**"));
    Match<String> match = index.match(Requests.get("/u/a%2fb/%7Ex//y/"));
    assertThat(match).isInstanceOf(Match.Found.class);
    if (match instanceof Match.Found<String> found) {
      assertThat(found.path().variable("id")).isEqualTo("a%2fb");
      assertThat(found.path().variables()).containsExactly(java.util.Map.entry("id", "a%2fb"));
      assertThat(found.path().rest()).isEqualTo("/%7Ex//y/");
    }
  }

  @Test
  void anyHeaderLineSatisfiesAndNamesIgnoreCase() {
    RouteIndex<String> index =
        index(
            route("gold", "/a").headerRegex("X-Tier", "gold|silver"),
            route("jason", "/a").header("End-User", "jason"),
            route("plain", "/a").headerPresent("x-debug", false));
    assertThat(winner(index, Requests.get("/a").with("x-tier", "bronze").with("X-TIER", "silver")))
        .isEqualTo("gold");
    assertThat(winner(index, Requests.get("/a").with("x-tier", "goldish"))).isEqualTo("plain");
    assertThat(winner(index, Requests.get("/a").with("end-user", "jason").with("x-tier", "gold")))
        .isEqualTo("jason");
    assertThat(index.match(Requests.get("/a").with("x-debug", "")))
        .isEqualTo(new Match.NotFound<>(true));
  }

  @Test
  void queryIsComparedDecodedWithPlusAsSpaceAndAnyValueCounts() {
    RouteIndex<String> index =
        index(
            route("exact", "/a").query("né", "a b"),
            route("flag", "/a").queryPresent("flag", true),
            route("empty", "/a").query("e", ""));
    assertThat(winner(index, "/a?x&n%C3%A9=1&n%c3%a9=a+b")).isEqualTo("exact");
    assertThat(winner(index, "/a?n%C3%A9=a%20b")).isEqualTo("exact");
    assertThat(winner(index, "/a?flag")).isEqualTo("flag");
    assertThat(winner(index, "/a?FLAG")).contains("NotFound");
    assertThat(winner(index, "/a?e")).isEqualTo("empty");
    assertThat(winner(index, "/a?e=&&")).isEqualTo("empty");
    assertThat(winner(index, "/a")).contains("pathKnown=true");
  }

  @Test
  void methodNotAllowedNamesTheMethodsOfAllRoutesThatElseMatch() {
    RouteIndex<String> index =
        index(
            route("a", "/a").methods("PUT", "GET"),
            route("b", "/{x}").methods("DELETE"),
            route("c", "/a").methods("PATCH").header("x", "1"));
    Match<String> match = index.match(Requests.of("POST", "", "/a"));
    assertThat(match).isInstanceOf(Match.MethodNotAllowed.class);
    if (match instanceof Match.MethodNotAllowed<String> not) {
      assertThat(not.allowed()).containsExactly("DELETE", "GET", "PUT");
    }
  }

  @Test
  void moreConditionsWinThenMoreExactOnes() {
    RouteIndex<String> index =
        index(
            route("none", "/a"),
            route("query", "/a").query("q", "1").queryPresent("p", true),
            route("present", "/a").headerPresent("x", true),
            route("exact", "/a").header("x", "1"),
            route("method", "/a").methods("GET"));
    assertThat(winner(index, Requests.of("POST", "", "/a?q=1&p").with("x", "1")))
        .isEqualTo("exact");
    assertThat(winner(index, Requests.of("POST", "", "/a?q=1&p").with("x", "2")))
        .isEqualTo("present");
    assertThat(winner(index, Requests.of("POST", "", "/a?q=1&p"))).isEqualTo("query");
    assertThat(winner(index, Requests.get("/a?q=1&p").with("x", "1"))).isEqualTo("method");
  }

  @Test
  void whatIsNoPathMatchesNothing() {
    RouteIndex<String> index = index(route("all", "/**"));
    assertThat(winner(index, Requests.of("OPTIONS", "", "*"))).contains("NotFound");
    assertThat(winner(index, "")).contains("NotFound");
    assertThat(winner(index, "/")).isEqualTo("all");
    assertThat(winner(index, "/%zz/%")).isEqualTo("all");
    assertThat(winner(index(), "/")).contains("NotFound");
  }
}
