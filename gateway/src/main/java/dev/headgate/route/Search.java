package dev.headgate.route;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * One walk through an index. The walk skips every subtree that holds no rank below {@link #limit};
 * whoever has found what it wants lowers the limit.
 */
abstract class Search<T> {
  int limit = Integer.MAX_VALUE;

  /** The values by which sub-indexes over a header are entered. */
  abstract Iterator<String> headers(String name);

  /** The parameters by which sub-indexes over a query parameter are entered. */
  abstract @Nullable String rawQuery();

  /** Judges a placement whose host and path match. */
  abstract void offer(Placement<T> placement);

  /** Walks the paths below a host's root. */
  abstract void enter(PathNode<T> root);
}
