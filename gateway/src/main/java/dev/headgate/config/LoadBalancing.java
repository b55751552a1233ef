package dev.headgate.config;

/** How an upstream's endpoints are chosen among; weights count in all of them. */
public sealed interface LoadBalancing {
  /** Those that are a word and nothing else. */
  enum Plain implements LoadBalancing {
    /** In turn, the heavy more often. */
    ROUND_ROBIN,
    /** The one with the fewest requests for its weight. */
    LEAST_REQUESTS,
    /** Two at random, of which the one with fewer requests for its weight. */
    RANDOM_TWO
  }

  /**
   * The same value goes to the same endpoint, as long as that is there.
   *
   * @param header whose first value decides; requests without it go in turn
   */
  record ConsistentHash(String header) implements LoadBalancing {}
}
