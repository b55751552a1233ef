package dev.headgate.route;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What the index asks about a request. Nothing is asked that no route needs: headers only where a
 * candidate has header conditions.
 */
public interface RouteRequest {
  String method();

  /** As {@link HostPattern#normalize} gives it; empty where there is none. */
  String host();

  /**
   * The raw path without the query. One that does not start with {@code /}, such as that of {@code
   * OPTIONS *}, matches no route.
   */
  String path();

  /** What follows the {@code ?}, undecoded; null where there is none. */
  @Nullable String rawQuery();

  /**
   * The values of all lines of a header, in order. The name comes in lower case; it is compared
   * ignoring case.
   */
  Iterator<String> headers(String name);

  /** Whether there is a line of this header; cheaper than asking for them. */
  default boolean hasHeader(String name) {
    return headers(name).hasNext();
  }
}
