package dev.headgate.route;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks for one route that wins every request which a given route, under one of its hosts and for
 * one of its methods, could match. It walks the index as a request would, with the route's pattern
 * for a path and its exact conditions for headers and query: what a covering route wants exactly,
 * the covered one must want exactly too.
 */
final class CoverSearch extends Search<Integer> {
  private final Placement<Integer> covered;
  private final @Nullable String method;
  private @Nullable String query;
  private @Nullable Integer cover;

  /** A null method is "every method". */
  CoverSearch(Placement<Integer> covered, @Nullable String method) {
    this.covered = covered;
    this.method = method;
    this.limit = covered.rank();
  }

  /** The position of a route that covers; null where there is none. */
  @Nullable Integer in(HostTable<Integer> hosts) {
    hosts.searchCovering(covered.host(), this);
    return cover;
  }

  @Override
  void enter(PathNode<Integer> root) {
    walk(root, 0);
  }

  private void walk(PathNode<Integer> node, int depth) {
    search(node.rest);
    PathPattern path = covered.rule().path();
    if (depth == path.segments().size()) {
      if (!path.hasRest()) {
        search(node.end);
      }
      return;
    }
    boolean literalOnly = false;
    if (path.segments().get(depth) instanceof Segment.Literal literal) {
      PathNode<Integer> child =
          node.literals == null ? null : node.literals.get(literal.canonical());
      descend(child, depth);
      descend(version(node, literal.canonical()), depth);
      literalOnly = literal.canonical().isEmpty();
    } else if (path.segments().get(depth) instanceof Segment.Version version) {
      descend(node.versions == null ? null : node.versions.get(version.prefix()), depth);
    }
    if (!literalOnly) {
      descend(node.any, depth);
    }
  }

  private static @Nullable PathNode<Integer> version(PathNode<Integer> node, String literal) {
    int digit = 0;
    while (digit < literal.length() && !Ascii.isDigit(literal.charAt(digit))) {
      digit++;
    }
    return node.versions == null || digit == literal.length()
        ? null
        : node.versions.get(literal.substring(0, digit));
  }

  private void descend(@Nullable PathNode<Integer> child, int depth) {
    if (child != null && child.minRank < limit) {
      walk(child, depth + 1);
    }
  }

  private void search(@Nullable Bucket<Integer> bucket) {
    if (bucket != null && bucket.minRank < limit) {
      bucket.search(this);
    }
  }

  @Override
  void offer(Placement<Integer> candidate) {
    RouteRule rule = candidate.rule();
    boolean covers =
        (rule.methods().isEmpty() || (method != null && rule.methods().contains(method)))
            && Overlap.implies(covered.rule().headers(), rule.headers())
            && Overlap.implies(covered.rule().query(), rule.query());
    if (covers) {
      cover = candidate.value();
      limit = Integer.MIN_VALUE;
    }
  }

  @Override
  Iterator<String> headers(String name) {
    List<String> values =
        covered.rule().headers().stream()
            .filter(header -> header.name().equals(name))
            .map(
                header ->
                    header.test() instanceof ValueCondition.Exact exact ? exact.value() : null)
            .filter(Objects::nonNull)
            .toList();
    return values.iterator();
  }

  @Override
  String rawQuery() {
    if (query == null) {
      query = exactQuery(covered.query());
    }
    return query;
  }

  private static String exactQuery(List<QueryCheck> checks) {
    StringBuilder query = new StringBuilder();
    for (QueryCheck check : checks) {
      if (check.exact() != null) {
        PercentText.appendAllEncoded(query, check.name());
        query.append('=');
        PercentText.appendAllEncoded(query, check.exact());
        query.append('&');
      }
    }
    return query.toString();
  }
}
