package dev.headgate.upstream;

import dev.headgate.exchange.Destination;

/**
 * One place where a service is reached.
 *
 * @param destination what it is called
 * @param weight its share among the upstream's endpoints, 1 to 1,000
 * @param pool its connections
 * @param tally hears of its tries
 * @param authority its own {@code Host}
 * @param hash of what tells it from the upstream's other endpoints, the same in every process
 */
record Endpoint(
    Destination destination,
    int weight,
    ConnectionPool pool,
    Tally tally,
    String authority,
    long hash) {

  /** Hears of the tries of an endpoint, each begun once and ended once; from any event loop. */
  interface Tally {
    /** For calls that say nothing of the endpoint's load and luck, such as health checks. */
    Tally NONE =
        new Tally() {
          @Override
          public void begun() {}

          @Override
          public void ended(Outcome outcome, long startNanos, long nowNanos) {}

          @Override
          public int active() {
            return 0;
          }
        };

    void begun();

    /**
     * @param startNanos when it began, by the ticker that all event loops share
     */
    void ended(Outcome outcome, long startNanos, long nowNanos);

    /** Tries begun and not ended. */
    int active();
  }

  static Endpoint of(
      EndpointKey key, String basePath, int weight, ConnectionPool pool, Tally tally) {
    return new Endpoint(
        new Destination(key.upstream(), key.name(), key.scheme(), key.host(), key.port(), basePath),
        weight,
        pool,
        tally,
        key.authority(),
        ConsistentHash.hash(key.scheme() + "://" + key.name() + basePath));
  }

  String name() {
    return destination.endpoint();
  }

  int active() {
    return tally.active();
  }
}
