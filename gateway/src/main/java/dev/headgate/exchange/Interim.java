package dev.headgate.exchange;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Where interim (1xx) responses go, ahead of the final one (RFC 9110 section 15.2). */
@FunctionalInterface
public interface Interim {
  /** Nobody wants them. */
  Interim IGNORED = (status, headers) -> {};

  /**
   * @param status 100 to 199, never 101
   * @param headers the receiver's to keep
   */
  void send(HttpResponseStatus status, HttpHeaders headers);
}
