package dev.headgate.upstream;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.Try;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The endpoints that may be picked at a moment, with their weights at that moment. Never changed:
 * when an endpoint's state changes, another takes its place, so that picking waits for nobody.
 */
final class Rotation {
  private final Endpoint[] endpoints;
  private final long[] weights;
  private final long[] upTo;
  private final long heaviest;
  private final boolean equal;
  private final boolean equalShares;

  /**
   * @param endpoints one or more
   * @param weights of each; positive, below 2^31
   */
  Rotation(List<Endpoint> endpoints, long[] weights) {
    this.endpoints = endpoints.toArray(Endpoint[]::new);
    this.weights = weights.clone();
    this.upTo = new long[weights.length];
    long most = 0;
    long sum = 0;
    boolean same = true;
    boolean sameShares = true;
    for (int i = 0; i < weights.length; i++) {
      most = Math.max(most, weights[i]);
      sum += weights[i];
      upTo[i] = sum;
      same &= weights[i] == weights[0];
      sameShares &= this.endpoints[i].weight() == this.endpoints[0].weight();
    }
    this.heaviest = most;
    this.equal = same;
    this.equalShares = sameShares;
  }

  int size() {
    return endpoints.length;
  }

  Endpoint at(int index) {
    return endpoints[index];
  }

  long weight(int index) {
    return weights[index];
  }

  /** Whether the endpoints' weights are equal as the config has them. */
  boolean equalShares() {
    return equalShares;
  }

  long totalWeight() {
    return upTo[upTo.length - 1];
  }

  /** The sum of the weights before an endpoint's own. */
  long weightBefore(int index) {
    return index == 0 ? 0 : upTo[index - 1];
  }

  /**
   * The endpoint in whose share a point lies.
   *
   * @param point from 0, below {@link #totalWeight()}
   */
  int indexAt(long point) {
    int low = 0;
    int high = upTo.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (point < upTo[middle]) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /**
   * Whose turn it is. Every endpoint is looked at in its turn and is passed over as often as the
   * heaviest outweighs it, evenly over the rounds: the static stride scheduling of gRPC, which
   * needs one counter, no lock, and no table that grows with the weights.
   */
  int turn(AtomicLong turns) {
    int size = endpoints.length;
    while (true) {
      long turn = turns.getAndIncrement() & Long.MAX_VALUE;
      int index = (int) (turn % size);
      if (equal || takes(index, turn / size)) {
        return index;
      }
    }
  }

  // The offset keeps endpoints of one weight from all having their turns in the same round.
  private boolean takes(int index, long round) {
    long weight = weights[index];
    long phase = (weight * (round % heaviest) + index * (heaviest / 2)) % heaviest;
    return phase >= heaviest - weight;
  }

  /**
   * The same without endpoints that other tries of the exchange have been to, or are at; the same
   * altogether where that would leave none.
   */
  Rotation without(GatewayExchange exchange, Try one) {
    if (exchange.earlierTries().isEmpty() || endpoints.length == 1) {
      return this;
    }
    List<Endpoint> left = new ArrayList<>(endpoints.length);
    long[] theirs = new long[endpoints.length];
    for (int i = 0; i < endpoints.length; i++) {
      if (!triedBy(exchange, one, endpoints[i].name())) {
        theirs[left.size()] = weights[i];
        left.add(endpoints[i]);
      }
    }
    boolean same = left.isEmpty() || left.size() == endpoints.length;
    return same ? this : new Rotation(left, Arrays.copyOf(theirs, left.size()));
  }

  // The one that asks may have been overtaken by another, such as a hedge, while it waited.
  private static boolean triedBy(GatewayExchange exchange, Try one, String name) {
    Try current = exchange.currentTry();
    if (current != one && name.equals(current.endpoint())) {
      return true;
    }
    for (Try earlier : exchange.earlierTries()) {
      if (earlier != one && name.equals(earlier.endpoint())) {
        return true;
      }
    }
    return false;
  }
}
