package dev.headgate.policy;

import dev.headgate.config.RouteConfig;
import dev.headgate.config.UpstreamConfig;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a policy is made for.
 *
 * @param route null for the requests that no route matches: they too get an id and a log line
 * @param upstream null where the route answers itself
 * @param reversal of the route's rewrite; null where it has none
 * @param version where the chain serves one of the route's: the route is then as if it had only
 *     that one's upstream and rewrite
 * @param elsewhere by the id of another upstream of the set: what asks that one in the place of the
 *     route's own, within the route's limits in time, with its retries, and with that upstream's
 *     guards
 */
public record RouteContext(
    @Nullable RouteConfig route,
    @Nullable UpstreamConfig upstream,
    @Nullable PathReversal reversal,
    @Nullable ServedVersion version,
    Function<String, Next> elsewhere) {
  /** Requests that no route matches. */
  public static final RouteContext UNROUTED = new RouteContext(null, null, null, null);

  /** Of a route that knows no other upstream than its own. */
  public RouteContext(
      @Nullable RouteConfig route,
      @Nullable UpstreamConfig upstream,
      @Nullable PathReversal reversal,
      @Nullable ServedVersion version) {
    this(
        route,
        upstream,
        reversal,
        version,
        id -> {
          throw new IllegalArgumentException(id + " (expected: no other upstream)");
        });
  }
}
