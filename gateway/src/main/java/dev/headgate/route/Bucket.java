package dev.headgate.route;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The placements of one host and one path shape, which only methods, headers and query tell apart.
 * A large one is a tree: entered by the exact value of the condition that splits it best, so that
 * ten thousand tenants in a header cost one look-up.
 */
abstract class Bucket<T> {
  /** Up to here, trying one after the other is cheaper than a look-up. */
  private static final int SMALL = 8;

  /** The lowest rank in it. */
  final int minRank;

  Bucket(int minRank) {
    this.minRank = minRank;
  }

  abstract void search(Search<T> search);

  /** Placements must be given best first, at least one. */
  static <T> Bucket<T> of(List<Placement<T>> placements) {
    ExactSplit<Placement<T>> split =
        placements.size() <= SMALL ? null : ExactSplit.best(placements, Placement::rule);
    if (split == null) {
      return new Row<>(placements);
    }
    Map<String, Bucket<T>> branches = new HashMap<>();
    split.branches().forEach((value, branch) -> branches.put(value, of(branch)));
    Bucket<T> rest = split.rest().isEmpty() ? null : of(split.rest());
    int minRank = placements.get(0).rank();
    return split.header()
        ? new ByHeader<>(minRank, split.name(), branches, rest)
        : new ByQuery<>(minRank, split.name(), branches, rest);
  }

  private static final class Row<T> extends Bucket<T> {
    private final List<Placement<T>> placements;

    Row(List<Placement<T>> placements) {
      super(placements.get(0).rank());
      this.placements = List.copyOf(placements);
    }

    @Override
    void search(Search<T> search) {
      for (int i = 0; i < placements.size(); i++) {
        Placement<T> placement = placements.get(i);
        if (placement.rank() >= search.limit) {
          return;
        }
        search.offer(placement);
      }
    }
  }

  /** A sub-index; what has no exact condition on its name is in {@code rest}. */
  private abstract static class Branching<T> extends Bucket<T> {
    final String name;
    private final @Nullable Bucket<T> rest;

    Branching(int minRank, String name, @Nullable Bucket<T> rest) {
      super(minRank);
      this.name = name;
      this.rest = rest;
    }

    final void searchRest(Search<T> search) {
      if (rest != null && rest.minRank < search.limit) {
        rest.search(search);
      }
    }
  }

  private static final class ByHeader<T> extends Branching<T> {
    private final Map<String, Bucket<T>> branches;

    ByHeader(int minRank, String name, Map<String, Bucket<T>> branches, @Nullable Bucket<T> rest) {
      super(minRank, name, rest);
      this.branches = branches;
    }

    @Override
    void search(Search<T> search) {
      Once<T> once = new Once<>();
      for (Iterator<String> values = search.headers(name); values.hasNext(); ) {
        once.search(branches.get(values.next()), search);
      }
      searchRest(search);
    }
  }

  private static final class ByQuery<T> extends Branching<T> {
    private final LiteralTable<Bucket<T>> branches;

    ByQuery(int minRank, String name, Map<String, Bucket<T>> branches, @Nullable Bucket<T> rest) {
      super(minRank, PercentText.canonical(name), rest);
      Map<String, Bucket<T>> canonical = new HashMap<>();
      branches.forEach((value, branch) -> canonical.put(PercentText.canonical(value), branch));
      this.branches = new LiteralTable<>(canonical, true);
    }

    @Override
    void search(Search<T> search) {
      String query = search.rawQuery();
      if (query != null) {
        Once<T> once = new Once<>();
        for (int from = RawQuery.find(query, name, 0); from >= 0; ) {
          int to = RawQuery.end(query, from);
          once.search(branches.get(query, from, to), search);
          from = RawQuery.find(query, name, to + 1);
        }
      }
      searchRest(search);
    }
  }

  /**
   * Enters each branch once, however often a request repeats a value: nested sub-indexes would
   * otherwise multiply the repetitions that a hostile request sends.
   */
  private static final class Once<T> {
    private @Nullable Bucket<T> first;
    private @Nullable Set<Bucket<T>> others;

    void search(@Nullable Bucket<T> branch, Search<T> search) {
      if (branch == null || branch == first || branch.minRank >= search.limit) {
        return;
      }
      if (first == null) {
        first = branch;
      } else {
        if (others == null) {
          others = Collections.newSetFromMap(new IdentityHashMap<>());
        }
        if (!others.add(branch)) {
          return;
        }
      }
      branch.search(search);
    }
  }
}
