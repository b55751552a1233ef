package dev.headgate.policy.requestlimits;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.Spec;
import dev.headgate.config.Specs;
import java.util.Optional;

/**
 * How large a request may be; each {@link #NONE} where the route sets no limit.
 *
 * @param maxBody bytes of the body
 * @param maxUri bytes of path and query
 * @param maxHeaders bytes of the header section
 */
record RequestLimitsConfig(long maxBody, long maxUri, long maxHeaders) {
  static final long NONE = Long.MAX_VALUE;
  private static final long KIB = 1024;
  private static final long MOST_BODY = KIB * KIB * KIB * KIB;
  private static final long MOST_HEAD = KIB * KIB;

  static final ConfigKey<RequestLimitsConfig> KEY =
      new ConfigKey<>(
          "request-limits",
          spec(),
          "How large a request may be. What is larger is refused before the service gets any of it; a body that does not tell its length is counted, and the call is cut off where it goes beyond.");

  private static ObjectSpec<RequestLimitsConfig> spec() {
    Field<Optional<Long>> body =
        Field.withDefault(
            "max-body",
            limit(0, MOST_BODY),
            "none",
            "Bytes of the body, beyond which the answer is 413. Bodies are streamed, so an unlimited one costs the gateway no memory.");
    Field<Optional<Long>> uri =
        Field.withDefault(
            "max-uri",
            limit(1, MOST_HEAD),
            "none",
            "Bytes of path and query, beyond which the answer is 414. headgate.http.max-request-line holds before it, for all routes.");
    Field<Optional<Long>> headers =
        Field.withDefault(
            "max-headers",
            limit(1, MOST_HEAD),
            "none",
            "Bytes of all header lines, beyond which the answer is 431; the forwarding fields and the request id, which the gateway writes, do not count. headgate.http.max-headers holds before it, for all routes.");
    return Specs.object(
        v ->
            new RequestLimitsConfig(
                v.get(body).orElse(NONE), v.get(uri).orElse(NONE), v.get(headers).orElse(NONE)),
        body,
        uri,
        headers);
  }

  private static Spec<Optional<Long>> limit(long min, long max) {
    return Specs.orNone(Specs.size(min, max));
  }

  boolean limitsNothing() {
    return maxBody == NONE && maxUri == NONE && maxHeaders == NONE;
  }
}
