package dev.headgate.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/** Our entry in {@code Via} (RFC 9110 section 7.6.3) on what a service answered. */
public final class Via {
  /** Under what name the gateway shows itself, here and in {@code Proxy-Status}. */
  public static final String NAME = "headgate";

  /** The received protocol: HTTP may be left out, and HTTP/2 has no minor version. */
  public static final String HTTP_1_1 = "1.1";

  public static final String HTTP_2 = "2";

  private Via() {}

  /**
   * Adds the entry after those that are there.
   *
   * @param received the protocol the service answered in
   */
  public static void addTo(HttpHeaders response, String received) {
    response.add(HttpHeaderNames.VIA, received + " " + NAME);
  }
}
