package dev.headgate.upstream;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Round robin in which an endpoint of weight w gets w turns a round, spread evenly (the smooth
 * order of nginx). The order is laid out once, so that picking is one counter.
 */
final class WeightedRoundRobin {
  private final Endpoint[] order;
  private final AtomicInteger turn = new AtomicInteger();

  WeightedRoundRobin(List<Endpoint> endpoints) {
    this.order = smooth(endpoints);
  }

  Endpoint next() {
    return order.length == 1
        ? order[0]
        : order[Math.floorMod(turn.getAndIncrement(), order.length)];
  }

  private static Endpoint[] smooth(List<Endpoint> endpoints) {
    int divisor = endpoints.stream().mapToInt(Endpoint::weight).reduce(0, WeightedRoundRobin::gcd);
    int[] weights = endpoints.stream().mapToInt(e -> e.weight() / divisor).toArray();
    int total = java.util.Arrays.stream(weights).sum();
    int[] current = new int[weights.length];
    Endpoint[] order = new Endpoint[total];
    for (int slot = 0; slot < total; slot++) {
      int best = 0;
      for (int i = 0; i < weights.length; i++) {
        current[i] += weights[i];
        if (current[i] > current[best]) {
          best = i;
        }
      }
      current[best] -= total;
      order[slot] = endpoints.get(best);
    }
    return order;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
