package dev.headgate.policy.reverse;

import dev.headgate.config.EndpointConfig;
import dev.headgate.config.HostPolicy;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.policy.PathReversal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a service takes itself to be, and the way from there to what the client sees.
 *
 * @param authorities its endpoints' and the {@code Host} it is sent, in lower case
 * @param preservesHost whether it is sent the client's {@code Host}
 * @param bases the endpoints' base paths, longest first
 * @param baseOf the same by {@code host:port}
 */
record UpstreamPlaces(
    Set<String> authorities,
    boolean preservesHost,
    List<String> bases,
    Map<String, String> baseOf,
    PathReversal reversal) {

  static UpstreamPlaces of(UpstreamConfig upstream, PathReversal reversal) {
    Set<String> authorities =
        upstream.endpoints().stream()
            .map(endpoint -> endpoint.authority().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    if (upstream.host() instanceof HostPolicy.Literal literal) {
      authorities.add(literal.value().toLowerCase(Locale.ROOT));
    }
    List<String> bases =
        upstream.endpoints().stream()
            .map(EndpointConfig::basePath)
            .distinct()
            .sorted(Comparator.comparing(String::length).reversed())
            .toList();
    Map<String, String> baseOf =
        upstream.endpoints().stream()
            .collect(Collectors.toMap(UpstreamPlaces::name, EndpointConfig::basePath, (a, b) -> a));
    return new UpstreamPlaces(
        Set.copyOf(authorities),
        upstream.host() instanceof HostPolicy.Preserve,
        bases,
        Map.copyOf(baseOf),
        reversal);
  }

  private static String name(EndpointConfig endpoint) {
    String host = endpoint.host();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + endpoint.port();
  }

  /** The path that was asked of the service, its base path included. */
  String asked(GatewayExchange exchange) {
    String endpoint = exchange.record().endpoint();
    // An answer that was kept had an endpoint once: below any base a relative URL means the same.
    String base = endpoint == null ? bases.get(0) : baseOf.get(endpoint);
    return (base == null ? "" : base) + exchange.upstreamPath();
  }

  /**
   * Whether an absolute URL's authority is the service's own.
   *
   * @param client what the client sent as {@code Host}
   */
  boolean own(@Nullable String scheme, String authority, String client) {
    String plain = withoutDefaultPort(scheme, authority.toLowerCase(Locale.ROOT));
    return authorities.contains(plain)
        || (preservesHost
            && !client.isEmpty()
            && plain.equals(withoutDefaultPort(scheme, client.toLowerCase(Locale.ROOT))));
  }

  private static String withoutDefaultPort(@Nullable String scheme, String authority) {
    String port = "https".equalsIgnoreCase(scheme) ? ":443" : ":80";
    return authority.endsWith(port)
        ? authority.substring(0, authority.length() - port.length())
        : authority;
  }

  /** The client's path for one of the service's, or null where there is none. */
  @Nullable String path(String path) {
    for (String base : bases) {
      if (isBelow(path, base)) {
        String below = path.substring(base.length());
        String client = reversal.path().apply(below.isEmpty() ? "/" : below);
        if (client != null) {
          return client;
        }
      }
    }
    return null;
  }

  /** The client's cookie path for one of the service's, never empty, or null. */
  @Nullable String cookiePath(String path) {
    for (String base : bases) {
      String client = null;
      if (isBelow(path, base)) {
        client = reversal.prefix().apply(path.substring(base.length()));
      } else if (isBelow(base, path.endsWith("/") ? path.substring(0, path.length() - 1) : path)) {
        // Above the base path: all of the service.
        client = reversal.prefix().apply("");
      }
      if (client != null) {
        return client.isEmpty() ? "/" : client;
      }
    }
    return null;
  }

  private static boolean isBelow(String path, String base) {
    return path.startsWith(base)
        && (path.length() == base.length() || path.charAt(base.length()) == '/');
  }
}
