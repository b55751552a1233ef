package dev.headgate.upstream;

import dev.headgate.exchange.GatewayExchange;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rendezvous hashing with weights (Thaler and Ravishankar 1998; the weights as Schindelhauer and
 * Schomaker 2005): each endpoint gets a score from the value and its own name, and the highest
 * wins. Shares are exact, and when an endpoint goes or comes only the values move that it had or
 * gets. It needs no table, which would be built anew whenever one is ejected; what it costs is a
 * few nanoseconds an endpoint. All gateways agree, whatever the order of their lists.
 */
record ConsistentHash(String header, AtomicLong turns) implements Balancer {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  @Override
  public Endpoint choose(Rotation among, GatewayExchange exchange) {
    String value = exchange.headers().get(header);
    return among.at(value == null ? among.turn(turns) : best(among, hash(value)));
  }

  private static int best(Rotation among, long key) {
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < among.size(); i++) {
      Endpoint endpoint = among.at(i);
      double uniform = ((mixed(key ^ endpoint.hash()) >>> 11) + 0.5) * 0x1.0p-53;
      // The weight as the config has it: with that of a slow start values would move all the while.
      double score = among.equalShares() ? uniform : -endpoint.weight() / Math.log(uniform);
      if (score > highest) {
        highest = score;
        best = i;
      }
    }
    return best;
  }

  /** FNV-1a over the characters, mixed: no buffer, no allocation. */
  static long hash(String text) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return mixed(hash);
  }

  /** The finalizer of MurmurHash3: every bit of the argument moves every bit of the result. */
  private static long mixed(long bits) {
    long z = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }
}
