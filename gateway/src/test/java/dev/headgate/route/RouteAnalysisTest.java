package dev.headgate.route;

import static dev.headgate.route.Rules.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.route.RouteConflict.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class RouteAnalysisTest {

  private static List<RouteConflict> conflicts(Rules... rules) {
    return RouteAnalysis.conflicts(Arrays.stream(rules).map(Rules::rule).toList());
  }

  private static RouteConflict tie(String id, String... others) {
    return new RouteConflict(Kind.TIE, id, List.of(others));
  }

  private static RouteConflict unreachable(String id, String... others) {
    return new RouteConflict(Kind.UNREACHABLE, id, List.of(others));
  }

  @Test
  void equalRoutesTieAndEachPairIsListedOnce() {
    assertThat(conflicts(route("a", "/x/{id}"), route("b", "/x/{name}"), route("c", "/x/{id}")))
        .containsExactly(tie("b", "a"), tie("c", "a", "b"));
  }

  @Test
  void overlappingMethodsAndSharedHostsTieOnce() {
    assertThat(
            conflicts(
                route("a", "/x").methods("GET", "PUT", "POST").hosts("a.test", "*.b.test"),
                route("b", "/x").methods("POST", "PUT").hosts("*.B.test", "A.test")))
        .containsExactly(tie("b", "a"));
  }

  @Test
  void whatCannotMatchTheSameRequestDoesNotTie() {
    assertThat(
            conflicts(
                route("a", "/x").methods("GET"),
                route("b", "/x").methods("POST"),
                route("c", "/y").methods("GET"),
                route("d", "/x").hosts("a.test"),
                route("e", "/x").hosts("b.test"),
                route("f", "/x").header("h", "1").query("q", "1"),
                route("g", "/x").header("H", "2").query("q", "1"),
                route("h", "/x").header("h", "1").query("q", "2"),
                route("i", "/x").header("h", "1").priority(1).hosts("c.test")))
        .isEmpty();
  }

  @Test
  void presenceAndExpressionsTellRoutesApartWhereProvable() {
    assertThat(
            conflicts(
                route("a", "/x").headerPresent("h", true),
                route("b", "/x").headerPresent("h", false)))
        .isEmpty();
    assertThat(
            conflicts(
                route("a", "/x").headerRegex("h", "1|2").header("k", "1"),
                route("b", "/x").headerRegex("k", "2").header("h", "1")))
        .isEmpty();
    assertThat(
            conflicts(
                route("a", "/x").headerRegex("h", "1|2").header("k", "1"),
                route("b", "/x").headerRegex("k", "1").header("h", "1")))
        .containsExactly(tie("b", "a"));
    assertThat(
            conflicts(
                route("a", "/x").headerRegex("h", "1"), route("b", "/x").headerRegex("h", "2")))
        .containsExactly(tie("b", "a"));
  }

  @Test
  void conditionsOnDifferentNamesTie() {
    assertThat(conflicts(route("a", "/x").header("h", "1"), route("b", "/x").header("k", "1")))
        .containsExactly(tie("b", "a"));
  }

  @Test
  void higherPriorityOnACoveringPathMakesUnreachable() {
    assertThat(conflicts(route("low", "/a/b"), route("high", "/a/**").priority(1)))
        .containsExactly(unreachable("low", "high"));
    assertThat(conflicts(route("low", "/a/**"), route("high", "/a/{x}/**").priority(1))).isEmpty();
    assertThat(conflicts(route("low", "/a/"), route("high", "/a/*").priority(1))).isEmpty();
    assertThat(conflicts(route("low", "/%61/b%25"), route("high", "/a/b%25").priority(1)))
        .containsExactly(unreachable("low", "high"));
  }

  @Test
  void variableMakesAStarOfTheSameShapeUnreachable() {
    assertThat(conflicts(route("star", "/a/*"), route("var", "/a/{x}")))
        .containsExactly(unreachable("star", "var"));
  }

  @Test
  void severalRoutesCoverMethodsAndHostsTogether() {
    assertThat(
            conflicts(
                route("both", "/a").methods("GET", "POST"),
                route("get", "/a").methods("GET").priority(1),
                route("post", "/**").methods("POST", "PUT").priority(1)))
        .containsExactly(unreachable("both", "get", "post"));
    assertThat(
            conflicts(
                route("hosts", "/a").hosts("a.test", "*.b.test"),
                route("a", "/a").hosts("a.test").priority(1),
                route("b", "/a").hosts("*.test").priority(1)))
        .contains(unreachable("hosts", "a", "b"));
    assertThat(
            conflicts(
                route("every", "/a"),
                route("get", "/a").methods("GET").priority(1),
                route("host", "/a").hosts("*.test").priority(1)))
        .isEmpty();
  }

  @Test
  void coveringRouteMayAskOnlyWhatTheCoveredOneAsks() {
    assertThat(
            conflicts(
                route("low", "/a").header("h", "gold").query("q", "a b"),
                route("high", "/a").headerRegex("h", "gold|silver").query("q", "a b").priority(1)))
        .containsExactly(unreachable("low", "high"));
    assertThat(
            conflicts(
                route("low", "/a").headerRegex("h", "gold|silver"),
                route("high", "/a").header("h", "gold").priority(1)))
        .isEmpty();
    assertThat(
            conflicts(
                route("low", "/a").headerRegex("h", "gold"),
                route("high", "/a").headerPresent("h", true).priority(1)))
        .containsExactly(unreachable("low", "high"));
  }

  @Test
  void tenThousandRoutesOfOneShapeAreComparedInNoTime() {
    List<IntFunction<Rules>> tables =
        List.of(
            i -> route("r" + i, "/a/{x}/**").hosts("h" + i + ".test"),
            i -> route("r" + i, "/a/{x}/**").header("tenant", "t" + i),
            i -> route("r" + i, "/a/{x}/**").query("tenant", "t" + i),
            i -> route("r" + i, "/a/{x}/**").methods("M" + i),
            i -> route("r" + i, "/a/{x}/**").header("a", "" + i % 100).header("b", "" + i / 100),
            i -> route("r" + i, "/a" + i + "/**"),
            i -> route("r" + i, "/" + i % 10 + "/{x}/" + i));
    for (IntFunction<Rules> table : tables) {
      List<RouteRule> rules = rules(table, 10_000);
      long start = System.nanoTime();
      assertThat(RouteAnalysis.conflicts(rules)).isEmpty();
      long millis = (System.nanoTime() - start) / 1_000_000;
      // Far above what it takes (tens of ms), far below comparing every pair.
      assertThat(millis).isLessThan(2_000);
    }
  }

  @Test
  void tiesOfAWholeTableAreCappedNotEnumerated() {
    List<RouteConflict> conflicts =
        RouteAnalysis.conflicts(rules(i -> route("r" + i, "/a").header("h" + i, "1"), 10_000));
    assertThat(conflicts.stream().mapToInt(conflict -> conflict.others().size()).sum())
        .isEqualTo(TieFinder.MAX_PAIRS);
  }

  private static List<RouteRule> rules(IntFunction<Rules> table, int count) {
    List<RouteRule> rules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rules.add(table.apply(i).rule());
    }
    return rules;
  }
}
