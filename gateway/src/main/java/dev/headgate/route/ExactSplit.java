package dev.headgate.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Routes told apart by the exact value they want of one header or query parameter.
 *
 * @param header whether it is a header, else a query parameter
 * @param name its name
 * @param branches those that want a value, by value, in the order given
 * @param rest those that want no exact value of it
 */
record ExactSplit<E>(boolean header, String name, Map<String, List<E>> branches, List<E> rest) {

  private record Dimension(boolean header, String name) {}

  /**
   * The split that leaves the fewest to look through, or null where none takes away at least an
   * eighth, so that nesting splits stays logarithmic.
   */
  static <E> @Nullable ExactSplit<E> best(List<E> routes, Function<E, RouteRule> rule) {
    Map<Dimension, Map<String, Integer>> counts = new LinkedHashMap<>();
    for (E route : routes) {
      count(counts, true, rule.apply(route).headers());
      count(counts, false, rule.apply(route).query());
    }
    Dimension best = null;
    int least = routes.size() - routes.size() / 8;
    for (Map.Entry<Dimension, Map<String, Integer>> dimension : counts.entrySet()) {
      int wanting = 0;
      int largest = 0;
      for (int count : dimension.getValue().values()) {
        wanting += count;
        largest = Math.max(largest, count);
      }
      int left = routes.size() - wanting + largest;
      if (left < least) {
        least = left;
        best = dimension.getKey();
      }
    }
    return best == null ? null : by(best, routes, rule);
  }

  private static void count(
      Map<Dimension, Map<String, Integer>> counts,
      boolean header,
      List<ValueCondition> conditions) {
    for (int i = 0; i < conditions.size(); i++) {
      ValueCondition condition = conditions.get(i);
      // Only the first of several exact conditions on one name decides the branch.
      if (condition.test() instanceof ValueCondition.Exact exact
          && exact.equals(exactOn(conditions, condition.name()))) {
        counts
            .computeIfAbsent(new Dimension(header, condition.name()), name -> new HashMap<>())
            .merge(exact.value(), 1, Integer::sum);
      }
    }
  }

  private static <E> ExactSplit<E> by(
      Dimension dimension, List<E> routes, Function<E, RouteRule> ruleOf) {
    Map<String, List<E>> branches = new LinkedHashMap<>();
    List<E> rest = new ArrayList<>();
    for (E route : routes) {
      RouteRule rule = ruleOf.apply(route);
      ValueCondition.Exact exact =
          exactOn(dimension.header() ? rule.headers() : rule.query(), dimension.name());
      if (exact == null) {
        rest.add(route);
      } else {
        branches.computeIfAbsent(exact.value(), value -> new ArrayList<>()).add(route);
      }
    }
    return new ExactSplit<>(dimension.header(), dimension.name(), branches, rest);
  }

  private static ValueCondition.@Nullable Exact exactOn(
      List<ValueCondition> conditions, String name) {
    for (int i = 0; i < conditions.size(); i++) {
      ValueCondition condition = conditions.get(i);
      if (condition.test() instanceof ValueCondition.Exact exact && condition.name().equals(name)) {
        return exact;
      }
    }
    return null;
  }
}
