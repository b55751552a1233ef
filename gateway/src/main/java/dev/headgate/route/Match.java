package dev.headgate.route;

import java.util.SortedSet;

/** What a {@link RouteIndex} says about a request. */
public sealed interface Match<T> {

  /**
   * This route answers.
   *
   * @param value what the table holds for the route
   * @param rule the route's conditions
   * @param path the captures
   */
  record Found<T>(T value, RouteRule rule, PathMatch path) implements Match<T> {}

  /**
   * Routes match in all but the method (405, RFC 9110 section 15.5.6).
   *
   * @param allowed the methods of all those routes, sorted, for {@code Allow}; never empty
   */
  record MethodNotAllowed<T>(SortedSet<String> allowed) implements Match<T> {}

  /**
   * No route matches.
   *
   * @param pathKnown whether the host and path of some route match, though its header or query
   *     conditions do not
   */
  record NotFound<T>(boolean pathKnown) implements Match<T> {}
}
