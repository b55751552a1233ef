package dev.headgate.wiring;

import dev.headgate.route.CompiledRoute;
import dev.headgate.route.CompiledVersion;
import dev.headgate.route.RouteTable;
import dev.headgate.route.VersionNegotiation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Which versions of which routes are deprecated or have their sunset, by now or soon. */
final class VersionsHealth implements HealthIndicator {
  private static final Duration NEAR = Duration.ofDays(30);

  /** More of them say no more. */
  private static final int MOST_ROUTES = 100;

  private final Supplier<@Nullable RouteTable> routes;
  private final InstantSource clock;

  VersionsHealth(Supplier<@Nullable RouteTable> routes, InstantSource clock) {
    this.routes = routes;
    this.clock = clock;
  }

  @Override
  public Health health() {
    Health.Builder health = Health.up();
    RouteTable table = routes.get();
    if (table != null) {
      Instant now = clock.instant();
      int shown = 0;
      for (CompiledRoute route : new TreeMap<>(table.byId()).values()) {
        Map<String, Object> leaving = leaving(route, now);
        if (!leaving.isEmpty() && shown++ < MOST_ROUTES) {
          health.withDetail(route.id(), leaving);
        }
      }
    }
    return health.build();
  }

  private static Map<String, Object> leaving(CompiledRoute route, Instant now) {
    Map<String, Object> leaving = new LinkedHashMap<>();
    if (route.versions() != null) {
      for (VersionNegotiation.Entry<CompiledVersion> version : route.versions().entries()) {
        Map<String, Object> dates = dates(version.value(), now);
        if (!dates.isEmpty()) {
          leaving.put(version.id(), dates);
        }
      }
    }
    return leaving;
  }

  private static Map<String, Object> dates(CompiledVersion version, Instant now) {
    Map<String, Object> dates = new LinkedHashMap<>();
    Instant deprecated = version.deprecated();
    Instant sunset = version.sunset();
    if (deprecated != null && isNear(now, deprecated)) {
      dates.put("deprecated", deprecated.toString());
      if (now.isBefore(deprecated)) {
        dates.put("deprecatedIn", days(now, deprecated));
      }
    }
    if (sunset != null && (!dates.isEmpty() || isNear(now, sunset))) {
      dates.put("sunset", sunset.toString());
      dates.put("sunsetIn", now.isBefore(sunset) ? days(now, sunset) : "passed");
    }
    return dates;
  }

  /** Also where it has passed. */
  private static boolean isNear(Instant now, Instant date) {
    return !now.plus(NEAR).isBefore(date);
  }

  private static String days(Instant now, Instant date) {
    return Duration.between(now, date).toDays() + " days";
  }
}
