package dev.headgate.route;

import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A walk for a request: its path is cut and hashed once, however many branches and hosts are tried.
 */
abstract class RequestSearch<T> extends Search<T> {
  private static final int USUAL_SEGMENTS = 8;

  final RouteRequest request;
  private final String path;
  private final int[] segments;
  private int count;

  /** Whether the host and path of some route match, whatever its other conditions say. */
  boolean pathKnown;

  /** {@code maxDepth} is the most segments a pattern of the index has. */
  RequestSearch(RouteRequest request, int maxDepth) {
    this.request = request;
    this.path = request.path();
    this.segments = cut(maxDepth);
  }

  /**
   * Start and hash of each segment, in turn; then one position past the path's end. A path with
   * more segments than any pattern is cut one segment after the last that matters.
   */
  private int[] cut(int maxDepth) {
    int[] cut = new int[2 * Math.min(maxDepth + 2, USUAL_SEGMENTS)];
    int length = path.length();
    int start = 1;
    while (start <= length && count <= maxDepth) {
      if (2 * count + 2 == cut.length) {
        cut = Arrays.copyOf(cut, 2 * cut.length);
      }
      int end = RawPath.segmentEnd(path, start);
      cut[2 * count] = start;
      cut[2 * count + 1] = PercentText.hash(path, start, end, false);
      count++;
      start = end + 1;
    }
    cut[2 * count] = start;
    return cut;
  }

  @Override
  final void enter(PathNode<T> root) {
    walk(root, 0);
  }

  private void walk(PathNode<T> node, int depth) {
    if (depth == count) {
      search(node.end);
    } else {
      int from = segments[2 * depth];
      int to = segments[2 * depth + 2] - 1;
      PathNode<T> literal =
          node.literals == null ? null : node.literals.get(segments[2 * depth + 1], path, from, to);
      if (literal != null && literal.minRank < limit) {
        walk(literal, depth + 1);
      }
      walkVersion(node, depth, from, to);
      PathNode<T> any = node.any;
      if (any != null && from < to && any.minRank < limit) {
        walk(any, depth + 1);
      }
    }
    search(node.rest);
  }

  private void walkVersion(PathNode<T> node, int depth, int from, int to) {
    int digit = node.versions == null ? -1 : PercentText.firstDigit(path, from, to);
    PathNode<T> version =
        node.versions == null || digit < 0 ? null : node.versions.get(path, from, digit);
    if (version != null && version.minRank < limit) {
      walk(version, depth + 1);
    }
  }

  private void search(@Nullable Bucket<T> bucket) {
    if (bucket != null && bucket.minRank < limit) {
      pathKnown = true;
      bucket.search(this);
    }
  }

  @Override
  final Iterator<String> headers(String name) {
    return request.headers(name);
  }

  @Override
  final @Nullable String rawQuery() {
    return request.rawQuery();
  }

  final boolean conditionsHold(Placement<T> placement) {
    return headersHold(placement) && queryHolds(placement);
  }

  private boolean headersHold(Placement<T> placement) {
    var headers = placement.rule().headers();
    for (int i = 0; i < headers.size(); i++) {
      ValueCondition condition = headers.get(i);
      if (!HeaderCheck.holds(condition.test(), request.headers(condition.name()))) {
        return false;
      }
    }
    return true;
  }

  private boolean queryHolds(Placement<T> placement) {
    var query = placement.query();
    for (int i = 0; i < query.size(); i++) {
      if (!query.get(i).holds(request.rawQuery())) {
        return false;
      }
    }
    return true;
  }
}
