package dev.headgate.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.route.RouteConflict.Kind;
import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RouteAnalysisPropertyTest {
  private static final int REQUESTS = 40;

  @Test
  void unreachableRoutesNeverWin() {
    Property.forAll(
        2_000,
        random -> {
          List<RouteRule> rules = Tables.table(random, 30);
          RouteIndex<String> index = RouteIndexPropertyTest.index(rules);
          for (String id : ids(RouteAnalysis.conflicts(rules), Kind.UNREACHABLE)) {
            RouteRule rule =
                rules.stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
            for (int i = 0; i < REQUESTS; i++) {
              Requests request = Tables.request(random, List.of(rule));
              Match<String> match = index.match(request);
              assertThat(match instanceof Match.Found<String> found ? found.value() : "")
                  .as("%s%nfor %s", rules, request)
                  .isNotEqualTo(id);
            }
          }
        });
  }

  @Test
  void whereNoTieIsReportedOneRouteBeatsAllOthers() {
    Property.forAll(
        3_000,
        random -> {
          List<RouteRule> rules = Tables.table(random, 6);
          if (ids(RouteAnalysis.conflicts(rules), Kind.TIE).isEmpty()) {
            for (int i = 0; i < REQUESTS; i++) {
              Requests request = Tables.request(random, rules);
              if (!repeats(request)) {
                assertThat(NaiveMatcher.best(rules, request))
                    .as("%s%nfor %s", rules, request)
                    .hasSizeLessThanOrEqualTo(1);
              }
            }
          }
        });
  }

  @Test
  void tiesAreThoseThatComparingEveryPairFinds() {
    Property.forAll(
        2_000,
        random -> {
          List<RouteRule> rules = Tables.table(random, 60);
          Set<String> reported = new TreeSet<>();
          for (RouteConflict conflict : RouteAnalysis.conflicts(rules)) {
            if (conflict.kind() == Kind.TIE) {
              conflict.others().forEach(other -> reported.add(other + "~" + conflict.routeId()));
            }
          }
          assertThat(reported).as("%s", rules).isEqualTo(NaiveTies.of(rules));
        });
  }

  /** Two values of one name can satisfy two exact conditions, which analysis takes for disjoint. */
  private static boolean repeats(Requests request) {
    List<String> names =
        new ArrayList<>(
            request.lines().stream()
                .map(line -> "h" + line.getKey().toLowerCase(java.util.Locale.ROOT))
                .toList());
    String query = request.rawQuery();
    for (String parameter : query == null ? new String[0] : query.split("&")) {
      if (!parameter.isEmpty()) {
        names.add("q" + NaiveMatcher.decode(parameter.split("=", 2)[0], true));
      }
    }
    return new HashSet<>(names).size() < names.size();
  }

  private static List<String> ids(List<RouteConflict> conflicts, Kind kind) {
    return conflicts.stream()
        .filter(conflict -> conflict.kind() == kind)
        .map(RouteConflict::routeId)
        .toList();
  }

  /** The definition of a tie, pair by pair. */
  private static final class NaiveTies {
    static Set<String> of(List<RouteRule> rules) {
      Set<String> ties = new TreeSet<>();
      for (int i = 0; i < rules.size(); i++) {
        for (int j = i + 1; j < rules.size(); j++) {
          if (tie(rules.get(i), rules.get(j))) {
            ties.add(rules.get(i).id() + "~" + rules.get(j).id());
          }
        }
      }
      return ties;
    }

    private static boolean tie(RouteRule a, RouteRule b) {
      boolean hosts =
          a.hosts().isEmpty()
              ? b.hosts().isEmpty()
              : a.hosts().stream().anyMatch(b.hosts()::contains);
      boolean methods =
          a.methods().isEmpty()
              ? b.methods().isEmpty()
              : !Collections.disjoint(a.methods(), b.methods());
      return a.priority() == b.priority()
          && hosts
          && shape(a).equals(shape(b))
          && methods
          && compatible(a.headers(), b.headers())
          && compatible(a.query(), b.query());
    }

    private static String shape(RouteRule rule) {
      List<String> shape = new ArrayList<>();
      for (String segment : rule.path().toString().split("/", -1)) {
        shape.add(
            segment.startsWith("{")
                ? "{}"
                : segment.contains("*") ? segment : "=" + NaiveMatcher.decode(segment, false));
      }
      return shape.toString();
    }

    private static boolean compatible(List<ValueCondition> a, List<ValueCondition> b) {
      return a.size() == b.size()
          && exact(a) == exact(b)
          && a.stream()
              .noneMatch(
                  x ->
                      b.stream()
                          .anyMatch(
                              y -> x.name().equals(y.name()) && excludes(x.test(), y.test())));
    }

    private static long exact(List<ValueCondition> conditions) {
      return conditions.stream().filter(c -> c.test() instanceof ValueCondition.Exact).count();
    }

    private static boolean excludes(ValueCondition.Test x, ValueCondition.Test y) {
      boolean absentX = x.equals(new ValueCondition.Present(false));
      boolean absentY = y.equals(new ValueCondition.Present(false));
      if (absentX || absentY) {
        return absentX != absentY;
      }
      return excludesValue(x, y) || excludesValue(y, x);
    }

    private static boolean excludesValue(ValueCondition.Test x, ValueCondition.Test y) {
      if (!(x instanceof ValueCondition.Exact exact)) {
        return false;
      }
      return y instanceof ValueCondition.Exact other
          ? !other.equals(exact)
          : y instanceof ValueCondition.Regex regex
              && !regex.pattern().matcher(exact.value()).matches();
    }
  }
}
