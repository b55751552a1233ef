package dev.headgate.redis;

import java.util.Map;
import java.util.stream.Collectors;

/** What a server tells of itself. */
record ServerInfo(Map<String, String> fields) {
  static final ServerInfo UNTOLD = new ServerInfo(Map.of());

  /**
   * @param text of {@code INFO}: lines of {@code name:value}
   */
  static ServerInfo parse(String text) {
    return new ServerInfo(
        text.lines()
            .map(String::strip)
            .filter(line -> line.indexOf(':') > 0)
            .collect(
                Collectors.toMap(
                    line -> line.substring(0, line.indexOf(':')),
                    line -> line.substring(line.indexOf(':') + 1),
                    (first, second) -> second)));
  }

  boolean isCluster() {
    return is("cluster_enabled", "1");
  }

  boolean isReplica() {
    return is("role", "slave");
  }

  boolean isLoading() {
    return is("loading", "1");
  }

  /** Whether it may drop what has a time to live in order to have room. */
  boolean mayEvict() {
    return !is("maxmemory", "0") && !is("maxmemory_policy", "noeviction") && !policy().isEmpty();
  }

  String policy() {
    return fields.getOrDefault("maxmemory_policy", "");
  }

  private boolean is(String field, String value) {
    return value.equals(fields.get(field));
  }
}
