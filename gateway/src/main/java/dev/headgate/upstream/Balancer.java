package dev.headgate.upstream;

import dev.headgate.config.LoadBalancing;
import dev.headgate.exchange.GatewayExchange;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Chooses among the endpoints of a rotation. Waits for nobody; safe for all event loops at once.
 */
interface Balancer {
  /**
   * @param among two or more
   */
  Endpoint choose(Rotation among, GatewayExchange exchange);

  /**
   * @param turns the upstream's own, which goes on whatever the table
   */
  static Balancer of(LoadBalancing method, AtomicLong turns) {
    if (method instanceof LoadBalancing.ConsistentHash hash) {
      return new ConsistentHash(hash.header(), turns);
    }
    return switch ((LoadBalancing.Plain) method) {
      case ROUND_ROBIN -> (among, exchange) -> among.at(among.turn(turns));
      case LEAST_REQUESTS -> new LeastRequests(turns);
      case RANDOM_TWO -> RandomTwo.ofTheJvm();
    };
  }
}
