package dev.headgate.edge;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts open connections, all together and by client. An IPv6 client is its /64, the least that a
 * site is given (RFC 6177), since it may pick any address there. Safe for any number of threads; no
 * larger than there are connections.
 */
final class ConnectionCensus {
  private static final int NETWORK_OCTETS = 8;

  private final int max;
  private final int maxPerClient;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentHashMap<Long, Integer> clients = new ConcurrentHashMap<>();

  /**
   * @param max all together, 0 for no limit
   * @param maxPerClient of one client, 0 for no limit
   */
  ConnectionCensus(int max, int maxPerClient) {
    this.max = max;
    this.maxPerClient = maxPerClient;
  }

  /**
   * Counts a connection in.
   *
   * @return false where there are too many; then it is not counted
   */
  boolean enter() {
    if (open.incrementAndGet() > max && max > 0) {
      open.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Counts out what {@link #enter} counted in. */
  void leave() {
    open.decrementAndGet();
  }

  int open() {
    return open.get();
  }

  boolean countsClients() {
    return maxPerClient > 0;
  }

  /**
   * Counts a connection of a client in.
   *
   * @return false where that one has too many; then it is not counted
   */
  boolean enter(InetAddress client) {
    boolean[] entered = {true};
    clients.compute(
        key(client),
        (key, count) -> {
          int before = count == null ? 0 : count;
          entered[0] = before < maxPerClient;
          return entered[0] ? Integer.valueOf(before + 1) : count;
        });
    return entered[0];
  }

  /** Counts out what {@link #enter(InetAddress)} counted in. */
  void leave(InetAddress client) {
    clients.computeIfPresent(key(client), (key, count) -> count == 1 ? null : count - 1);
  }

  /** How many clients have connections. */
  int clients() {
    return clients.size();
  }

  // IPv4 addresses lie where IPv6 has ::/32, out of which nothing is assigned but ::1 (RFC 4291).
  private static Long key(InetAddress client) {
    byte[] octets = client.getAddress();
    long key = 0;
    for (int i = 0; i < Math.min(octets.length, NETWORK_OCTETS); i++) {
      key = (key << 8) | (octets[i] & 0xff);
    }
    return key;
  }
}
