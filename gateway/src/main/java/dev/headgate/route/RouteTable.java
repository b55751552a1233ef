package dev.headgate.route;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All routes of one config, immutable. A request sees one table from start to end.
 *
 * @param version counts the tables of this process, from 1
 * @param index finds the route of a request
 * @param byId the same routes by their ids
 */
public record RouteTable(
    long version, RouteIndex<CompiledRoute> index, Map<String, CompiledRoute> byId) {
  /** The route of an id, or null. */
  public @Nullable CompiledRoute route(String id) {
    return byId.get(id);
  }
}
