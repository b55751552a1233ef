package dev.headgate.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where Redis is.
 *
 * @param uris one, or the seeds of a Cluster
 */
record RedisAddress(List<RedisURI> uris) {
  private static final String EXPECTED =
      "expected: redis://host:port, rediss://…, redis-sentinel://host:port,…#master, or several"
          + " redis:// separated by commas";

  // java.net.URI takes what is no host and port for a name of somebody else's.
  private static final Pattern SERVER =
      Pattern.compile(
          "rediss?://([^/?#@]*@)?([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+\\])(:[0-9]{1,5})?([/?].*)?");

  static RedisAddress parse(String text) {
    List<RedisURI> uris = new ArrayList<>();
    for (String part : isSentinel(text) ? List.of(text) : List.of(text.split(",", -1))) {
      uris.add(uri(part.strip()));
    }
    return new RedisAddress(List.copyOf(uris));
  }

  private static boolean isSentinel(String text) {
    return text.startsWith("redis-sentinel://") || text.startsWith("rediss-sentinel://");
  }

  private static RedisURI uri(String text) {
    if (!isSentinel(text) && !SERVER.matcher(text).matches()) {
      throw new IllegalArgumentException("no URI of Redis (" + EXPECTED + ")");
    }
    RedisURI uri;
    try {
      uri = RedisURI.create(text);
    } catch (RuntimeException e) {
      // Its message repeats what it was given, password and all.
      throw new IllegalArgumentException("no URI of Redis (" + EXPECTED + ")");
    }
    String host = uri.getHost();
    int colon = host == null ? -1 : host.lastIndexOf(':');
    if (colon > 0 && !host.endsWith("]")) {
      // A name with an underscore, as containers have them, is none to java.net.URI, nor is a port
      // behind it.
      uri.setPort(Integer.parseInt(host.substring(colon + 1)));
      uri.setHost(host.substring(0, colon));
    }
    if (isSentinel(text) && uri.getSentinelMasterId() == null) {
      throw new IllegalArgumentException("no master is named (" + EXPECTED + ")");
    }
    return uri;
  }

  /** For connecting and the handshake. */
  RedisAddress within(Duration limit) {
    for (RedisURI uri : uris) {
      uri.setTimeout(limit);
      uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(limit));
    }
    return this;
  }

  RedisURI first() {
    return uris.get(0);
  }

  boolean isCluster() {
    return uris.size() > 1;
  }

  /** Without credentials. */
  @Override
  public String toString() {
    return uris.stream().map(RedisAddress::place).collect(Collectors.joining(","));
  }

  private static String place(RedisURI uri) {
    if (uri.getSentinels().isEmpty()) {
      return (uri.isSsl() ? "rediss://" : "redis://") + uri.getHost() + ":" + uri.getPort();
    }
    return "redis-sentinel://"
        + uri.getSentinels().stream()
            .map(sentinel -> sentinel.getHost() + ":" + sentinel.getPort())
            .collect(Collectors.joining(","))
        + "#"
        + uri.getSentinelMasterId();
  }
}
