package dev.headgate.route;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All routes of a table, arranged so that a match does not depend on how many there are: host
 * tables, then a trie over path segments, then sub-indexes over exact header and query values.
 * Precedence is {@link RouteRule}'s; it is one rank per route and host, computed when the index is
 * built, so a match compares integers and skips whatever cannot win.
 *
 * <p>Immutable and safe for any number of threads.
 *
 * @param <T> what the table holds for a route
 */
public final class RouteIndex<T> {

  /** One route of the table. */
  public record Entry<T>(RouteRule rule, T value) {}

  private final HostTable<Entry<T>> hosts;
  private final int maxDepth;

  private RouteIndex(List<Entry<T>> entries) {
    this.hosts = new HostTable<>(Placement.ranked(entries, Entry::rule));
    this.maxDepth =
        entries.stream().mapToInt(entry -> entry.rule().path().segments().size()).max().orElse(0);
  }

  /** Builds an index. The order of the entries does not matter. */
  public static <T> RouteIndex<T> of(List<Entry<T>> entries) {
    return new RouteIndex<>(entries);
  }

  /**
   * The route for this request, or why there is none. Throws nothing of its own, whatever the
   * request says.
   */
  public Match<T> match(RouteRequest request) {
    String path = request.path();
    if (path.isEmpty() || path.charAt(0) != '/') {
      return new Match.NotFound<>(false);
    }
    Winner<T> winner = new Winner<>(request, maxDepth);
    hosts.search(request.host(), winner);
    if (winner.best != null) {
      Entry<T> entry = winner.best.value();
      return new Match.Found<>(
          entry.value(), entry.rule(), new PathMatch(entry.rule().path(), path));
    }
    return winner.pathKnown ? explain(request) : new Match.NotFound<>(false);
  }

  private Match<T> explain(RouteRequest request) {
    Allowed<T> allowed = new Allowed<>(request, maxDepth);
    hosts.search(request.host(), allowed);
    return allowed.methods.isEmpty()
        ? new Match.NotFound<>(true)
        : new Match.MethodNotAllowed<>(allowed.methods);
  }

  private static final class Winner<T> extends RequestSearch<Entry<T>> {
    private final String method;
    private @Nullable Placement<Entry<T>> best;

    Winner(RouteRequest request, int maxDepth) {
      super(request, maxDepth);
      this.method = request.method();
    }

    @Override
    void offer(Placement<Entry<T>> placement) {
      RouteRule rule = placement.rule();
      if ((rule.methods().isEmpty() || rule.methods().contains(method))
          && conditionsHold(placement)) {
        best = placement;
        limit = placement.rank();
      }
    }
  }

  /**
   * Only where nothing won, so that nothing was skipped and every route that matches but for its
   * method has methods.
   */
  private static final class Allowed<T> extends RequestSearch<Entry<T>> {
    private final TreeSet<String> methods = new TreeSet<>();

    Allowed(RouteRequest request, int maxDepth) {
      super(request, maxDepth);
    }

    @Override
    void offer(Placement<Entry<T>> placement) {
      if (conditionsHold(placement)) {
        methods.addAll(placement.rule().methods());
      }
    }
  }
}
