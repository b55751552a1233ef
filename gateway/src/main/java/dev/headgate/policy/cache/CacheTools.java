package dev.headgate.policy.cache;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.telemetry.Decisions;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What all routes share.
 *
 * @param tier what nodes share; null where each has its own
 * @param clock the wall clock
 * @param reports hears of calls that were made for nobody
 */
record CacheTools(
    CacheStore store,
    Fills fills,
    Purging purge,
    @Nullable SharedTier tier,
    InstantSource clock,
    Decisions decisions,
    CacheMeters meters,
    Reports reports) {

  /** Who is told of calls of a service that no client has asked for. */
  @FunctionalInterface
  public interface Reports {
    /** It is over, and all of it is in its record. */
    void over(GatewayExchange background);
  }

  Room room() {
    return store.room();
  }
}
