package dev.headgate.edge;

import java.net.InetAddress;
import java.util.List;

/**
 * Who the client is: the address nearest to us that is no trusted proxy. Pure.
 *
 * @param client the address found; the peer's own where it is not trusted
 * @param index the entry that named it, or the number of entries where it is the peer
 */
record ClientWalk(InetAddress client, int index) {

  /**
   * Walks from the peer to the left. Each entry was written by the one that stands to its right, so
   * it counts only while that one is trusted; an entry that is no address ends the walk at whoever
   * wrote it.
   *
   * @param entries {@code X-Forwarded-For}'s, or the {@code for} nodes of {@code Forwarded}, in the
   *     field's order; an empty text where a hop does not say
   */
  static ClientWalk from(InetAddress peer, List<String> entries, TrustedProxies proxies) {
    InetAddress client = peer;
    int index = entries.size();
    while (index > 0 && proxies.contains(client)) {
      InetAddress named = AddressText.node(entries.get(index - 1));
      if (named == null) {
        break;
      }
      client = named;
      index--;
    }
    return new ClientWalk(client, index);
  }
}
