package dev.headgate.policy.idempotency;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * A service's answer as it is kept and repeated. Never changed once made.
 *
 * @param status 200 to 599
 * @param headers without hop-by-hop fields and without those of one request
 * @param body whole
 * @param trailers empty for most
 */
record StoredAnswer(int status, HttpHeaders headers, byte[] body, HttpHeaders trailers) {}
