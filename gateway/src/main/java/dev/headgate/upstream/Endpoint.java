package dev.headgate.upstream;

/**
 * One place where a service is reached.
 *
 * @param basePath put before every path, empty or beginning with a slash and not ending in one
 * @param weight its share among the upstream's endpoints, 1 to 1,000
 * @param pool its connections
 * @param name {@code host:port} for the log
 * @param authority its own {@code Host}
 * @param scheme {@code http} or {@code https}
 */
record Endpoint(
    String basePath,
    int weight,
    ConnectionPool pool,
    String name,
    String authority,
    String scheme) {
  static Endpoint of(EndpointKey key, String basePath, int weight, ConnectionPool pool) {
    return new Endpoint(basePath, weight, pool, key.name(), key.authority(), key.scheme());
  }
}
