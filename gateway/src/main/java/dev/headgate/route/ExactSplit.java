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

  /**
   * The split that leaves the fewest to look through, or null where none takes away at least an
   * eighth, so that nesting splits stays logarithmic.
   */
  static <E> @Nullable ExactSplit<E> best(List<E> routes, Function<E, RouteRule> rule) {
    Map<String, Map<String, Integer>> headers = new LinkedHashMap<>();
    Map<String, Map<String, Integer>> query = new LinkedHashMap<>();
    for (E route : routes) {
      count(headers, rule.apply(route).headers());
      count(query, rule.apply(route).query());
    }
    int tooMany = routes.size() - routes.size() / 8;
    String header = best(headers, routes.size(), tooMany);
    int leftByHeader = header == null ? tooMany : left(headers.get(header), routes.size());
    String parameter = best(query, routes.size(), leftByHeader);
    if (parameter != null) {
      return by(false, parameter, routes, route -> rule.apply(route).query());
    }
    return header == null ? null : by(true, header, routes, route -> rule.apply(route).headers());
  }

  private static void count(
      Map<String, Map<String, Integer>> counts, List<ValueCondition> conditions) {
    for (int i = 0; i < conditions.size(); i++) {
      String name = conditions.get(i).name();
      String value = exactOn(conditions.subList(i, i + 1), name);
      // Only the first of several exact conditions on one name decides the branch.
      if (value != null && exactOn(conditions.subList(0, i), name) == null) {
        counts.computeIfAbsent(name, key -> new HashMap<>()).merge(value, 1, Integer::sum);
      }
    }
  }

  /** The name whose split leaves the fewest, if that is fewer than {@code tooMany}. */
  private static @Nullable String best(
      Map<String, Map<String, Integer>> counts, int routes, int tooMany) {
    String best = null;
    int least = tooMany;
    for (Map.Entry<String, Map<String, Integer>> name : counts.entrySet()) {
      int left = left(name.getValue(), routes);
      if (left < least) {
        least = left;
        best = name.getKey();
      }
    }
    return best;
  }

  /**
   * What a request has to look through at worst: the largest branch, and those that are in none.
   */
  private static int left(@Nullable Map<String, Integer> branches, int routes) {
    int branched = 0;
    int largest = 0;
    for (int size : branches == null ? List.<Integer>of() : branches.values()) {
      branched += size;
      largest = Math.max(largest, size);
    }
    return routes - branched + largest;
  }

  private static <E> ExactSplit<E> by(
      boolean header, String name, List<E> routes, Function<E, List<ValueCondition>> conditions) {
    Map<String, List<E>> branches = new LinkedHashMap<>();
    List<E> rest = new ArrayList<>();
    for (E route : routes) {
      String value = exactOn(conditions.apply(route), name);
      if (value == null) {
        rest.add(route);
      } else {
        branches.computeIfAbsent(value, key -> new ArrayList<>()).add(route);
      }
    }
    return new ExactSplit<>(header, name, branches, rest);
  }

  private static @Nullable String exactOn(List<ValueCondition> conditions, String name) {
    for (int i = 0; i < conditions.size(); i++) {
      ValueCondition condition = conditions.get(i);
      if (condition.test() instanceof ValueCondition.Exact exact && condition.name().equals(name)) {
        return exact.value();
      }
    }
    return null;
  }
}
