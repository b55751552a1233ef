package dev.headgate.policy.idempotency;

import io.netty.handler.codec.http.HttpHeaders;

/** A service's answer as it is kept and repeated. Never changed once made, its body included. */
final class StoredAnswer {
  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;
  private final HttpHeaders trailers;

  /**
   * Takes all of it over.
   *
   * @param status 200 to 599
   * @param headers without hop-by-hop fields and without those of one request
   * @param body whole
   * @param trailers empty for most
   */
  StoredAnswer(int status, HttpHeaders headers, byte[] body, HttpHeaders trailers) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.trailers = trailers;
  }

  int status() {
    return status;
  }

  HttpHeaders headers() {
    return headers;
  }

  /** Shared, so that a replay copies nothing: not to be written to. */
  byte[] body() {
    return body;
  }

  HttpHeaders trailers() {
    return trailers;
  }
}
