package dev.headgate.route;

import java.util.List;

/**
 * Something wrong between routes of one table.
 *
 * @param kind what is wrong
 * @param routeId the route to report it at
 * @param others the ids of the routes it is wrong with, in the order in which they were given;
 *     never empty
 */
public record RouteConflict(Kind kind, String routeId, List<String> others) {

  /** What can be wrong. */
  public enum Kind {
    /**
     * The route and each of the others can match the same request, and nothing says which is to
     * win. Each pair is listed once.
     */
    TIE,
    /** The others, taken together, win every request that the route could match. */
    UNREACHABLE
  }

  public RouteConflict {
    others = List.copyOf(others);
  }
}
