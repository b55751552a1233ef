package dev.headgate.route;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Finds routes that tie, and routes that no request can reach. */
public final class RouteAnalysis {
  private RouteAnalysis() {}

  /**
   * All conflicts in a table, by the position of the route they are reported at. A tie is reported
   * at the later of the two routes; of more than {@value TieFinder#MAX_PAIRS} ties only that many
   * are listed.
   *
   * <p>Two different regular expressions on one name are taken to overlap, and a route counts as
   * unreachable only where single routes cover each of its hosts and methods: what is reported is
   * certain, what several narrower paths cover together is not found.
   */
  public static List<RouteConflict> conflicts(List<RouteRule> rules) {
    List<Integer> positions = IntStream.range(0, rules.size()).boxed().toList();
    List<Placement<Integer>> classed = Placement.classed(positions, rules::get);
    SortedMap<Integer, SortedSet<Integer>> ties = TieFinder.find(classed);
    List<@Nullable SortedSet<Integer>> covers = covers(classed, rules.size());
    List<RouteConflict> conflicts = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      add(conflicts, RouteConflict.Kind.TIE, rules, i, ties.get(i));
      add(conflicts, RouteConflict.Kind.UNREACHABLE, rules, i, covers.get(i));
    }
    return conflicts;
  }

  private static void add(
      List<RouteConflict> conflicts,
      RouteConflict.Kind kind,
      List<RouteRule> rules,
      int position,
      @Nullable Set<Integer> others) {
    if (others != null) {
      List<String> ids = others.stream().map(other -> rules.get(other).id()).toList();
      conflicts.add(new RouteConflict(kind, rules.get(position).id(), ids));
    }
  }

  /** By position, the routes that together cover the route there; null where it can be reached. */
  private static List<@Nullable SortedSet<Integer>> covers(
      List<Placement<Integer>> classed, int count) {
    HostTable<Integer> hosts = new HostTable<>(classed);
    List<@Nullable SortedSet<Integer>> covers = new ArrayList<>(Collections.nCopies(count, null));
    boolean[] reachable = new boolean[count];
    for (Placement<Integer> placement : classed) {
      int position = placement.value();
      SortedSet<Integer> covering = reachable[position] ? null : covering(hosts, placement);
      if (covering == null) {
        reachable[position] = true;
        covers.set(position, null);
      } else {
        SortedSet<Integer> before = covers.get(position);
        if (before != null) {
          covering.addAll(before);
        }
        covers.set(position, covering);
      }
    }
    return covers;
  }

  private static @Nullable SortedSet<Integer> covering(
      HostTable<Integer> hosts, Placement<Integer> placement) {
    Set<String> methods = placement.rule().methods();
    SortedSet<Integer> covering = new TreeSet<>();
    if (methods.isEmpty()) {
      return addCover(hosts, placement, null, covering) ? covering : null;
    }
    for (String method : new TreeSet<>(methods)) {
      if (!addCover(hosts, placement, method, covering)) {
        return null;
      }
    }
    return covering;
  }

  private static boolean addCover(
      HostTable<Integer> hosts,
      Placement<Integer> placement,
      @Nullable String method,
      SortedSet<Integer> covering) {
    Integer cover = new CoverSearch(placement, method).in(hosts);
    if (cover != null) {
      covering.add(cover);
    }
    return cover != null;
  }
}
