package dev.headgate.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which requests a route takes: those that meet every condition given.
 *
 * @param hosts any of these; empty for every host. As written
 * @param path a pattern, {@code /**} unless written. As written
 * @param methods any of these; empty for every method
 * @param headers all of these, by lower-case name
 * @param query all of these, by name
 */
public record MatchConfig(
    List<String> hosts,
    String path,
    List<String> methods,
    Map<String, ValueMatch> headers,
    Map<String, ValueMatch> query) {

  public MatchConfig {
    hosts = List.copyOf(hosts);
    methods = List.copyOf(methods);
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
  }

  /** Every request to a path. */
  public static MatchConfig path(String pattern) {
    return new MatchConfig(List.of(), pattern, List.of(), Map.of(), Map.of());
  }
}
