package dev.headgate.reload;

import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.VersioningConfig;
import dev.headgate.config.VersioningConfig.AfterSunset;
import dev.headgate.config.VersioningConfig.Match;
import dev.headgate.config.VersioningConfig.Scheme;
import dev.headgate.route.VersionMatch;
import dev.headgate.route.VersionNegotiation;
import dev.headgate.route.VersionScheme;
import dev.headgate.route.VersionSources;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Judges the versions of one route, and turns them into what chooses among them. */
final class VersionRules {
  /** From this many days before its sunset on a version is told of. */
  static final int NEAR_DAYS = 30;

  private final RouteConfig route;
  private final VersioningConfig versioning;
  private final VersionScheme scheme;

  VersionRules(RouteConfig route, VersioningConfig versioning) {
    this.route = route;
    this.versioning = versioning;
    this.scheme = versioning.scheme() == Scheme.DATE ? VersionScheme.DATE : VersionScheme.NUMBER;
  }

  /**
   * Whether the versions can be told apart and the default is one of them.
   *
   * @param today decides which sunsets are worth a warning
   */
  boolean areRight(ConfigSet set, LocalDate today, List<ConfigProblem> problems) {
    int before = problems.size();
    Map<Long, String> byKey = new HashMap<>();
    for (String id : versioning.versions().keySet()) {
      long key = scheme.read(id);
      String first = key == VersionScheme.NONE ? null : byKey.putIfAbsent(key, id);
      if (key == VersionScheme.NONE) {
        problem(set, problems, "is no version (expected: " + example() + ")", id, "versions", id);
      } else if (first != null) {
        problem(
            set, problems, "is the same as \"" + first + "\" (expected: once)", id, "versions", id);
      }
    }
    String byDefault = versioning.defaultVersion();
    if (byDefault != null && defaultId() == null) {
      String ids = String.join(", ", versioning.versions().keySet());
      problem(
          set, problems, "is none of the versions (expected: " + ids + ")", byDefault, "default");
    }
    boolean right = problems.size() == before;
    versioning.versions().forEach((id, version) -> warn(set, id, version, today, problems));
    return right;
  }

  private String example() {
    return scheme == VersionScheme.DATE
        ? "a day such as 2026-11-01, as scheme is date"
        : "numbers without leading zeros, such as 2 or 2.1; scheme: date for days";
  }

  private void problem(
      ConfigSet set, List<ConfigProblem> problems, String what, String found, String... at) {
    String[] path = new String[at.length + 3];
    path[0] = "routes";
    path[1] = route.id();
    path[2] = "versioning";
    System.arraycopy(at, 0, path, 3, at.length);
    problems.add(
        ConfigProblem.of(
            set.markOf(path),
            ProblemCode.BAD_VERSION,
            "versioning." + at[0] + ": \"" + found + "\" " + what));
  }

  private void warn(
      ConfigSet set,
      String id,
      VersioningConfig.Version version,
      LocalDate today,
      List<ConfigProblem> problems) {
    LocalDate sunset = version.sunset();
    if (sunset != null && !sunset.isAfter(today.plusDays(NEAR_DAYS))) {
      String refused =
          versioning.afterSunset() == AfterSunset.SERVE ? "served on" : "answered with 410";
      String what =
          sunset.isAfter(today)
              ? "is less than " + (NEAR_DAYS + 1) + " days away; after it requests are " + refused
              : "has passed: requests are " + refused;
      problems.add(
          ConfigProblem.of(
              set.markOf("routes", route.id(), "versioning", "versions", id, "sunset"),
              ProblemCode.VERSION_SUNSET,
              "versioning.versions." + id + ".sunset: \"" + sunset + "\" " + what));
    }
  }

  /** The default as its own key writes it. */
  private @Nullable String defaultId() {
    String written = versioning.defaultVersion();
    long key = written == null ? VersionScheme.NONE : scheme.read(written);
    return key == VersionScheme.NONE
        ? null
        : versioning.versions().keySet().stream()
            .filter(id -> scheme.read(id) == key)
            .findFirst()
            .orElse(null);
  }

  /** What chooses among these versions, which are right. */
  <T> VersionNegotiation<T> negotiation(List<VersionNegotiation.Entry<T>> entries) {
    VersioningConfig.From from = versioning.from();
    VersionMatch match =
        versioning.match() == Match.COMPATIBLE ? VersionMatch.COMPATIBLE : VersionMatch.EXACT;
    return new VersionNegotiation<>(
        new VersionSources(
            from.path() != null, from.acceptParameter(), from.header(), from.query()),
        scheme,
        scheme == VersionScheme.DATE ? VersionMatch.NEWEST_NOT_AFTER : match,
        entries,
        defaultId());
  }
}
