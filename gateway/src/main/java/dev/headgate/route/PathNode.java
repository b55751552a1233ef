package dev.headgate.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of the path trie. {@code {var}} and {@code *} share a child, as they match the same and
 * rank decides between them; a match visits each node at most once, so the work is bounded by the
 * nodes that exist, whatever the path.
 */
final class PathNode<T> {
  /** By the next segment's text; null where there are none. */
  final @Nullable LiteralTable<PathNode<T>> literals;

  /** By what stands before the first digit of the next segment; null where there are none. */
  final @Nullable LiteralTable<PathNode<T>> versions;

  /** For a next segment that is not empty, whatever it says. */
  final @Nullable PathNode<T> any;

  /** Patterns that end here. */
  final @Nullable Bucket<T> end;

  /** Patterns that go on with {@code **}. */
  final @Nullable Bucket<T> rest;

  /** The lowest rank here and below. */
  final int minRank;

  private PathNode(Builder<T> from) {
    this.literals = table(from.literals);
    this.versions = table(from.versions);
    this.any = from.any == null ? null : from.any.build();
    this.end = from.end.isEmpty() ? null : Bucket.of(from.end);
    this.rest = from.rest.isEmpty() ? null : Bucket.of(from.rest);
    this.minRank = from.minRank;
  }

  private static <T> @Nullable LiteralTable<PathNode<T>> table(Map<String, Builder<T>> from) {
    if (from.isEmpty()) {
      return null;
    }
    Map<String, PathNode<T>> children = new HashMap<>();
    from.forEach((text, child) -> children.put(text, child.build()));
    return new LiteralTable<>(children, false);
  }

  static final class Builder<T> {
    private final Map<String, Builder<T>> literals = new HashMap<>();
    private final Map<String, Builder<T>> versions = new HashMap<>(0);
    private @Nullable Builder<T> any;
    private final List<Placement<T>> end = new ArrayList<>(1);
    private final List<Placement<T>> rest = new ArrayList<>(1);
    private int minRank = Integer.MAX_VALUE;

    /** Placements must come best first. */
    void add(Placement<T> placement) {
      PathPattern path = placement.rule().path();
      Builder<T> node = this;
      node.minRank = Math.min(node.minRank, placement.rank());
      for (Segment segment : path.segments()) {
        node = node.child(segment);
        node.minRank = Math.min(node.minRank, placement.rank());
      }
      (path.hasRest() ? node.rest : node.end).add(placement);
    }

    private Builder<T> child(Segment segment) {
      if (segment instanceof Segment.Literal literal) {
        return literals.computeIfAbsent(literal.canonical(), text -> new Builder<>());
      }
      if (segment instanceof Segment.Version version) {
        return versions.computeIfAbsent(version.prefix(), text -> new Builder<>());
      }
      if (any == null) {
        any = new Builder<>();
      }
      return any;
    }

    PathNode<T> build() {
      return new PathNode<>(this);
    }
  }
}
