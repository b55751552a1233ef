package dev.headgate.policy.reverse;

import dev.headgate.exchange.GatewayExchange;

/** Turns a service's references to itself into the client's. */
final class References {
  private References() {}

  /** The reference as the client has to see it; the same text where it is not the service's own. */
  static String back(UpstreamPlaces places, GatewayExchange exchange, String reference) {
    UriParts parts = UriParts.of(reference);
    if (parts == null || (parts.scheme() != null && !isWeb(parts))) {
      return reference;
    }
    String authority = parts.authority();
    if (authority != null) {
      return places.own(parts.scheme(), authority, exchange.request().authority())
          ? absolute(places, exchange, parts, reference)
          : reference;
    }
    return parts.path().isEmpty() ? reference : local(places, exchange, parts, reference);
  }

  // "http:x" is a reference too, if an odd one, and nobody agrees to what.
  private static boolean isWeb(UriParts parts) {
    return parts.authority() != null
        && ("http".equalsIgnoreCase(parts.scheme()) || "https".equalsIgnoreCase(parts.scheme()));
  }

  private static String absolute(
      UpstreamPlaces places, GatewayExchange exchange, UriParts parts, String reference) {
    String authority = exchange.request().publicAuthority();
    String path = places.path(parts.path().isEmpty() ? "/" : UriParts.resolve("/", parts.path()));
    if (path == null || authority.isEmpty()) {
      return reference;
    }
    String scheme = parts.scheme() == null ? "" : exchange.request().scheme() + ":";
    return scheme + "//" + authority + exchange.versionPrefix() + path + parts.tail();
  }

  /** A reference without an authority: absolute in its path, or relative to what was asked for. */
  private static String local(
      UpstreamPlaces places, GatewayExchange exchange, UriParts parts, String reference) {
    boolean relative = !parts.path().startsWith("/");
    String asked = relative ? places.asked(exchange) : "/";
    String path = places.path(UriParts.resolve(asked, parts.path()));
    String client = path == null ? null : exchange.versionPrefix() + path;
    // What begins with two slashes would name another host.
    boolean same =
        client == null
            || client.startsWith("//")
            || (relative
                && client.equals(UriParts.resolve(exchange.request().path(), parts.path())));
    return same ? reference : client + parts.tail();
  }
}
