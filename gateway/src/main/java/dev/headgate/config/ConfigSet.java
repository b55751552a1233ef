package dev.headgate.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A whole configuration without errors of its own: every upstream and route of every file, in the
 * order of the files' names and of the text in them.
 *
 * @param upstreams by id
 * @param routes by id
 * @param marks where each key was written
 */
public record ConfigSet(
    Map<String, UpstreamConfig> upstreams, Map<String, RouteConfig> routes, Marks marks) {

  public ConfigSet {
    upstreams = Collections.unmodifiableMap(new LinkedHashMap<>(upstreams));
    routes = Collections.unmodifiableMap(new LinkedHashMap<>(routes));
  }

  /**
   * A set that was not read from text, for tests: its marks are those of its upstreams and routes.
   */
  public ConfigSet(Map<String, UpstreamConfig> upstreams, Map<String, RouteConfig> routes) {
    this(upstreams, routes, Marks.NONE);
  }

  /**
   * Where the value at a path was written, such as {@code markOf("routes", "users", "match",
   * "path")}; list entries by their index from 0. A value that was not written has the place of its
   * nearest parent; objects and lists have the place of their key.
   */
  public SourceMark markOf(String... path) {
    SourceMark mark = marks.find(path);
    if (mark != null) {
      return mark;
    }
    String kind = path.length > 1 ? path[0] : "";
    RouteConfig route = kind.equals("routes") ? routes.get(path[1]) : null;
    UpstreamConfig upstream = kind.equals("upstreams") ? upstreams.get(path[1]) : null;
    if (route != null) {
      return route.mark();
    }
    if (upstream != null) {
      return upstream.mark();
    }
    return SourceMark.startOf(path.length == 0 ? "" : path[0]);
  }
}
