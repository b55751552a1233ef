package dev.headgate.route;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The path tries by host. */
final class HostTable<T> {
  private final Map<String, PathNode<T>> exact = new HashMap<>();
  private final Map<String, PathNode<T>> wildcards = new HashMap<>();

  /**
   * The lengths of the wildcards' suffixes: only where one fits is a suffix cut out and looked up.
   */
  private final BitSet wildcardLengths = new BitSet();

  private final @Nullable PathNode<T> any;

  /** Placements must be given best first. */
  HostTable(List<Placement<T>> placements) {
    Map<String, PathNode.Builder<T>> exactHosts = new HashMap<>();
    Map<String, PathNode.Builder<T>> suffixes = new HashMap<>();
    PathNode.Builder<T> every = new PathNode.Builder<>();
    boolean hasEvery = false;
    for (Placement<T> placement : placements) {
      HostPattern host = placement.host();
      if (host == null) {
        every.add(placement);
        hasEvery = true;
      } else {
        (host.isWildcard() ? suffixes : exactHosts)
            .computeIfAbsent(host.name(), name -> new PathNode.Builder<>())
            .add(placement);
      }
    }
    exactHosts.forEach((name, root) -> exact.put(name, root.build()));
    suffixes.forEach((name, root) -> wildcards.put(name, root.build()));
    suffixes.keySet().forEach(name -> wildcardLengths.set(name.length()));
    this.any = hasEvery ? every.build() : null;
  }

  /** Enters every trie that can answer for a normalised host, the most specific first. */
  void search(String host, Search<T> search) {
    if (!exact.isEmpty()) {
      enter(exact.get(host), search);
    }
    searchWildcards(host, search);
    enter(any, search);
  }

  /** Enters every trie that covers all hosts of a pattern; null is "every host". */
  void searchCovering(@Nullable HostPattern host, Search<T> search) {
    if (host == null) {
      enter(any, search);
    } else if (host.isWildcard()) {
      searchWildcards("x." + host.name(), search);
      enter(any, search);
    } else {
      search(host.name(), search);
    }
  }

  private void searchWildcards(String host, Search<T> search) {
    // wildcardLengths.length() - 1 is the longest suffix: a long host is not walked beyond it.
    int first = Math.max(1, host.length() - wildcardLengths.length());
    for (int dot = first; dot < host.length(); dot++) {
      if (host.charAt(dot) == '.' && wildcardLengths.get(host.length() - dot - 1)) {
        enter(wildcards.get(host.substring(dot + 1)), search);
      }
    }
  }

  private void enter(@Nullable PathNode<T> root, Search<T> search) {
    if (root != null && root.minRank < search.limit) {
      search.enter(root);
    }
  }
}
