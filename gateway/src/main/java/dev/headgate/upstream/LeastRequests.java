package dev.headgate.upstream;

import dev.headgate.exchange.GatewayExchange;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The endpoint with the fewest requests in flight for its weight. Among equals the one whose turn
 * it is: a gateway with little to do would otherwise send everything to the first.
 */
record LeastRequests(AtomicLong turns) implements Balancer {
  @Override
  public Endpoint choose(Rotation among, GatewayExchange exchange) {
    int size = among.size();
    int best = among.turn(turns);
    long active = among.at(best).active();
    for (int step = 1, i = best; step < size && active > 0; step++) {
      i = i + 1 == size ? 0 : i + 1;
      long its = among.at(i).active();
      if (its * among.weight(best) < active * among.weight(i)) {
        best = i;
        active = its;
      }
    }
    return among.at(best);
  }
}
