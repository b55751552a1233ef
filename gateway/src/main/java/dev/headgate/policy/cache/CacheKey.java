package dev.headgate.policy.cache;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayRequest;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an answer is kept under, beside what its own {@code Vary} names (RFC 9111 section 2).
 *
 * @param authority in lower case
 * @param query as far as it counts
 * @param version of the route that served it; empty where it has none
 * @param caller what of the request else counts
 */
record CacheKey(
    Space space,
    String scheme,
    String authority,
    String path,
    @Nullable String query,
    String version,
    String caller) {

  static CacheKey of(Space space, List<CallerPart> varyBy, GatewayExchange exchange) {
    GatewayRequest request = exchange.request();
    return new CacheKey(
        space,
        request.scheme(),
        request.authority().toLowerCase(Locale.ROOT),
        request.path(),
        space.query().apply(request.query()),
        Objects.requireNonNullElse(exchange.record().version(), ""),
        CallerPart.of(varyBy, exchange.headers()));
  }

  Place place() {
    return new Place(authority, path);
  }

  /** Whether it is for this URL. */
  boolean isFor(@Nullable String sentQuery) {
    return Objects.equals(query, space.query().apply(sentQuery));
  }

  /** Where answers are found whose URL has changed, whatever they are kept under. */
  record Place(String authority, String path) {}
}
