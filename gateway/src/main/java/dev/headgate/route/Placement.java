package dev.headgate.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One route under one of its hosts, with its place in the order of precedence: of several that
 * match, the lowest rank wins.
 *
 * @param host null for every host
 */
record Placement<T>(
    int rank, RouteRule rule, @Nullable HostPattern host, T value, List<QueryCheck> query) {

  /**
   * All placements of these routes, best first, each with a rank of its own: whatever order they
   * came in, ties go to the lesser id.
   */
  static <T> List<Placement<T>> ranked(List<T> routes, Function<T, RouteRule> rule) {
    List<Placement<T>> sorted = sorted(routes, rule);
    List<Placement<T>> ranked = new ArrayList<>(sorted.size());
    for (int i = 0; i < sorted.size(); i++) {
      ranked.add(sorted.get(i).withRank(i));
    }
    return ranked;
  }

  /** As {@link #ranked}, but placements of equal specificity share a rank. */
  static <T> List<Placement<T>> classed(List<T> routes, Function<T, RouteRule> rule) {
    List<Placement<T>> sorted = sorted(routes, rule);
    List<Placement<T>> classed = new ArrayList<>(sorted.size());
    int rank = 0;
    for (int i = 0; i < sorted.size(); i++) {
      if (i > 0 && bySpecificity(sorted.get(i - 1), sorted.get(i)) != 0) {
        rank++;
      }
      classed.add(sorted.get(i).withRank(rank));
    }
    return classed;
  }

  private static <T> List<Placement<T>> sorted(List<T> routes, Function<T, RouteRule> ruleOf) {
    List<Placement<T>> all = new ArrayList<>(routes.size());
    for (T route : routes) {
      RouteRule rule = ruleOf.apply(route);
      List<QueryCheck> query = rule.query().stream().map(QueryCheck::of).toList();
      if (rule.hosts().isEmpty()) {
        all.add(new Placement<>(0, rule, null, route, query));
      }
      for (HostPattern host : rule.hosts()) {
        all.add(new Placement<>(0, rule, host, route, query));
      }
    }
    Comparator<Placement<T>> order = Placement::bySpecificity;
    all.sort(order.thenComparing(placement -> placement.rule().id()));
    return all;
  }

  private static int bySpecificity(Placement<?> a, Placement<?> b) {
    return Specificity.compare(a.rule(), a.host(), b.rule(), b.host());
  }

  private Placement<T> withRank(int newRank) {
    return new Placement<>(newRank, rule, host, value, query);
  }
}
