package dev.headgate.edge;

import dev.headgate.exchange.Via;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;

/**
 * Our entry in {@code Via} on requests (RFC 9110 section 7.6.3). The pseudonym is this process's
 * own, so that a request that comes back is known, and one that passed another gateway of the same
 * kind is not mistaken for it.
 */
public final class ViaField {
  private final String pseudonym;

  /**
   * @param instance what tells this process from others, a token
   */
  public ViaField(String instance) {
    this.pseudonym = Via.NAME + "-" + instance;
  }

  /** Whether the request has passed this process before. */
  boolean isIn(HttpHeaders headers) {
    if (!headers.contains(HttpHeaderNames.VIA)) {
      return false;
    }
    List<String> lines = headers.getAll(HttpHeaderNames.VIA);
    for (int i = 0; i < lines.size(); i++) {
      if (names(lines.get(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean names(String line) {
    int at = line.indexOf(pseudonym);
    while (at >= 0) {
      int end = at + pseudonym.length();
      boolean begins = at > 0 && (line.charAt(at - 1) == ' ' || line.charAt(at - 1) == '\t');
      boolean ends = end == line.length() || ", \t(".indexOf(line.charAt(end)) >= 0;
      if (begins && ends) {
        return true;
      }
      at = line.indexOf(pseudonym, end);
    }
    return false;
  }

  /**
   * Says that the request passed here, after whoever said so before.
   *
   * @param received the client's version
   */
  void addTo(HttpHeaders headers, HttpVersion received) {
    headers.add(HttpHeaderNames.VIA, protocol(received) + " " + pseudonym);
  }

  private static String protocol(HttpVersion received) {
    return received.majorVersion() == 2
        ? Via.HTTP_2
        : received.minorVersion() == 0 ? "1.0" : Via.HTTP_1_1;
  }
}
