package dev.headgate.policy.cache;

import dev.headgate.exchange.GatewayRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A URL of a request's own origin; what is said of others is not the service's to say (RFC 9111
 * section 4.4).
 *
 * @param path raw, never empty
 * @param query raw; null for none
 */
record OwnUrl(String path, @Nullable String query) {

  /**
   * What a reference in the request's answer is to; null for none, for another origin's, and for
   * what is no URL.
   */
  static @Nullable OwnUrl of(GatewayRequest request, @Nullable String reference) {
    if (reference == null) {
      return null;
    }
    try {
      URI base =
          new URI(
              request.scheme()
                  + "://"
                  + request.authority()
                  + request.path()
                  + (request.query() == null ? "" : "?" + request.query()));
      // The JDK's resolving drops the last segment for a query alone (RFC 3986 section 5.3).
      URI there =
          base.resolve(reference.startsWith("?") ? base.getRawPath() + reference : reference);
      boolean own =
          request.scheme().equalsIgnoreCase(there.getScheme())
              && request.authority().equalsIgnoreCase(there.getRawAuthority());
      return own
          ? new OwnUrl(there.getRawPath().isEmpty() ? "/" : there.getRawPath(), there.getRawQuery())
          : null;
    } catch (URISyntaxException | IllegalArgumentException noUrl) {
      // Then nothing is kept under it either.
      return null;
    }
  }

  boolean isOf(GatewayRequest request) {
    return path.equals(request.path()) && Objects.equals(query, request.query());
  }
}
