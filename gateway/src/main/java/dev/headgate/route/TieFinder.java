package dev.headgate.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds routes of equal specificity that can match one request. Comparing all pairs would take a
 * minute for ten thousand routes: only those of one specificity, host and path shape are compared,
 * and of these only those of one method and one value of the exact condition that tells most of
 * them apart.
 */
final class TieFinder {
  /** A set with this many ties is refused anyway, and listing them can be quadratic. */
  static final int MAX_PAIRS = 10_000;

  private static final int SMALL = 16;

  /** Positions of the earlier routes by that of the later one. */
  private final SortedMap<Integer, SortedSet<Integer>> ties = new TreeMap<>();

  private int pairs;

  /**
   * The ties among placements whose value is the route's position; equal specificity must be
   * adjacent.
   */
  static SortedMap<Integer, SortedSet<Integer>> find(List<Placement<Integer>> classed) {
    TieFinder finder = new TieFinder();
    Map<String, List<Placement<Integer>>> groups = new LinkedHashMap<>();
    for (int i = 0; i < classed.size(); i++) {
      Placement<Integer> placement = classed.get(i);
      boolean alone =
          (i == 0 || classed.get(i - 1).rank() != placement.rank())
              && (i + 1 == classed.size() || classed.get(i + 1).rank() != placement.rank());
      if (!alone) {
        // Neither a rank nor a host holds a slash.
        String group = placement.rank() + "/" + placement.host() + placement.rule().path().shape();
        groups.computeIfAbsent(group, key -> new ArrayList<>(1)).add(placement);
      }
    }
    groups.values().forEach(finder::byMethod);
    return finder.ties;
  }

  /** Of one specificity either all have methods or none has. */
  private void byMethod(List<Placement<Integer>> group) {
    if (group.size() < 2 || group.get(0).rule().methods().isEmpty()) {
      within(group);
      return;
    }
    Map<String, List<Placement<Integer>>> methods = new HashMap<>();
    for (Placement<Integer> placement : group) {
      for (String method : placement.rule().methods()) {
        methods.computeIfAbsent(method, key -> new ArrayList<>()).add(placement);
      }
    }
    methods.values().forEach(this::within);
  }

  private void within(List<Placement<Integer>> group) {
    ExactSplit<Placement<Integer>> split =
        group.size() <= SMALL ? null : ExactSplit.best(group, Placement::rule);
    if (split == null) {
      for (int i = 0; i < group.size(); i++) {
        compare(group.get(i), group.subList(i + 1, group.size()));
      }
      return;
    }
    for (List<Placement<Integer>> branch : split.branches().values()) {
      within(branch);
      branch.forEach(placement -> compare(placement, split.rest()));
    }
    within(split.rest());
  }

  private void compare(Placement<Integer> placement, List<Placement<Integer>> others) {
    RouteRule rule = placement.rule();
    for (int i = 0; i < others.size() && pairs < MAX_PAIRS; i++) {
      RouteRule other = others.get(i).rule();
      if (!Overlap.disjoint(rule.headers(), other.headers())
          && !Overlap.disjoint(rule.query(), other.query())) {
        add(placement.value(), others.get(i).value());
      }
    }
  }

  private void add(int a, int b) {
    // One route can stand in a group twice: by a host it lists twice.
    if (a != b
        && ties.computeIfAbsent(Math.max(a, b), key -> new TreeSet<>()).add(Math.min(a, b))) {
      pairs++;
    }
  }
}
