package dev.headgate.route;

import static dev.headgate.route.Rules.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Requests made to cost much. The limit is far above what they take; without the bound each would
 * take hours or end in an error.
 */
class HostileRequestTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Test
  void backtrackingExpressionGivesUpAndDoesNotMatch() {
    RouteIndex<String> index =
        Rules.index(
            route("header", "/a").headerRegex("x", ".*.*.*.*b"),
            route("query", "/a").queryRegex("q", "(a*)*\\1b"));
    Requests request = Requests.get("/a?q=" + "a".repeat(5_000)).with("x", "a".repeat(5_000));
    assertThat(assertTimeoutPreemptively(LIMIT, () -> index.match(request)))
        .isEqualTo(new Match.NotFound<>(true));
  }

  @Test
  void deeplyRecursingExpressionDoesNotMatchInsteadOfOverflowing() {
    RouteIndex<String> index = Rules.index(route("r", "/a").headerRegex("x", "(a|b)*"));
    assertThat(index.match(Requests.get("/a").with("x", "ab".repeat(50_000))))
        .isEqualTo(new Match.NotFound<>(true));
  }

  @Test
  void repeatedParametersDoNotMultiplyThroughNestedSubIndexes() {
    List<Rules> routes = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      routes.add(
          route("r" + i, "/a")
              .query("a", "" + i / 100)
              .query("b", "" + (i / 10) % 10)
              .query("c", "" + i % 10)
              .header("never", "sent"));
    }
    RouteIndex<String> index = Rules.index(routes.toArray(new Rules[0]));
    Requests request = Requests.get("/a?" + "a=1&b=1&c=1&".repeat(3_000)).with("never", "this");
    assertThat(assertTimeoutPreemptively(LIMIT, () -> index.match(request)))
        .isEqualTo(new Match.NotFound<>(true));
  }

  @Test
  void everyMixOfLiteralsAndVariablesIsVisitedAtMostOnce() {
    List<Rules> routes = new ArrayList<>();
    for (int mix = 0; mix < 1 << 13; mix++) {
      StringBuilder path = new StringBuilder();
      for (int bit = 0; bit < 13; bit++) {
        path.append(((mix >> bit) & 1) == 0 ? "/a" : "/*");
      }
      routes.add(route("r" + mix, path + "/end"));
    }
    RouteIndex<String> index = Rules.index(routes.toArray(new Rules[0]));
    Requests miss = Requests.get("/a".repeat(13) + "/" + "%61".repeat(20_000));
    assertThat(assertTimeoutPreemptively(LIMIT, () -> index.match(miss)))
        .isEqualTo(new Match.NotFound<>(false));
    assertThat(index.match(Requests.get("/a".repeat(13) + "/end"))).isInstanceOf(Match.Found.class);
  }

  @Test
  void longPathsHostsAndQueriesAreWalkedOnce() {
    RouteIndex<String> index =
        Rules.index(route("r", "/**").hosts("*.example.com", "*.com").query("q", "1"));
    Requests request =
        Requests.of(
            "GET", "a.".repeat(100_000) + "com", "/%".repeat(100_000) + "?" + "&=".repeat(100_000));
    assertThat(assertTimeoutPreemptively(LIMIT, () -> index.match(request)))
        .isEqualTo(new Match.NotFound<>(true));
  }
}
