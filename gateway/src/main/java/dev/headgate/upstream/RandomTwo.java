package dev.headgate.upstream;

import dev.headgate.exchange.GatewayExchange;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;

/**
 * Of two endpoints drawn by weight, the one with fewer requests in flight for its weight (the power
 * of two choices). It looks at two however many there are, and several gateways that all see one
 * idle endpoint do not all rush there.
 *
 * @param random from 0 to below its argument, which is positive
 */
record RandomTwo(LongUnaryOperator random) implements Balancer {
  static RandomTwo ofTheJvm() {
    return new RandomTwo(bound -> ThreadLocalRandom.current().nextLong(bound));
  }

  @Override
  public Endpoint choose(Rotation among, GatewayExchange exchange) {
    int first = among.indexAt(random.applyAsLong(among.totalWeight()));
    long others = among.totalWeight() - among.weight(first);
    long point = random.applyAsLong(others);
    int second =
        among.indexAt(point < among.weightBefore(first) ? point : point + among.weight(first));
    Endpoint one = among.at(first);
    Endpoint two = among.at(second);
    return (long) two.active() * among.weight(first) < (long) one.active() * among.weight(second)
        ? two
        : one;
  }
}
