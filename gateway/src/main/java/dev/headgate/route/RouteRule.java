package dev.headgate.route;

import java.util.List;
import java.util.Set;

/**
 * What a request must be for a route to answer it.
 *
 * <p>Among several routes that match one request the winner has the higher priority; then the more
 * specific host (exact, then the longer wildcard, then none), the more specific path (segment by
 * segment literal, version, {@code {var}}, {@code *}, and a path that ends before one that goes on
 * with {@code **}), methods before none, more header conditions, more exact ones among them, and
 * the same for query conditions. Routes that are still equal tie, which {@link RouteAnalysis}
 * reports; the index then takes the lesser id.
 *
 * @param id the route's id, unique in a table
 * @param priority higher wins; 0 where nothing is said
 * @param hosts any of these; empty for every host
 * @param path the path
 * @param methods any of these, case-sensitive (RFC 9110 section 9.1); empty for every method
 * @param headers all of these; names are kept in lower case
 * @param query all of these
 */
public record RouteRule(
    String id,
    int priority,
    List<HostPattern> hosts,
    PathPattern path,
    Set<String> methods,
    List<ValueCondition> headers,
    List<ValueCondition> query) {

  public RouteRule {
    hosts = List.copyOf(hosts);
    methods = Set.copyOf(methods);
    headers =
        headers.stream()
            .map(header -> new ValueCondition(Ascii.lowerCase(header.name()), header.test()))
            .toList();
    query = List.copyOf(query);
  }

  /** The same conditions at another path. */
  public RouteRule at(String otherId, PathPattern otherPath) {
    return new RouteRule(otherId, priority, hosts, otherPath, methods, headers, query);
  }

  /** A route for every host, method, header and query at this path. */
  public static RouteRule of(String id, PathPattern path) {
    return new RouteRule(id, 0, List.of(), path, Set.of(), List.of(), List.of());
  }
}
