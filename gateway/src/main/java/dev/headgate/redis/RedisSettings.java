package dev.headgate.redis;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which Redis, and how it is spoken to.
 *
 * @param uri {@code redis://}, {@code rediss://}, {@code redis-sentinel://} or {@code
 *     rediss-sentinel://} as Lettuce reads them; several of the first two, separated by commas, are
 *     seeds of one Cluster
 * @param timeout the limit of each call; positive
 * @param minReplicas how many replicas must confirm what is called with {@code replicated}
 * @param tls asked at each connecting; null for what the URI alone says
 */
public record RedisSettings(
    String uri, Duration timeout, int minReplicas, Supplier<@Nullable RedisTls> tls) {

  /**
   * @throws IllegalArgumentException saying what was expected; never naming the URI, which may hold
   *     a password
   */
  public RedisSettings {
    RedisAddress.parse(uri);
  }
}
