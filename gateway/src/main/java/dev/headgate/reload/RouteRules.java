package dev.headgate.reload;

import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.MatchConfig;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.RouteTarget;
import dev.headgate.config.SourceMark;
import dev.headgate.config.ValueMatch;
import dev.headgate.route.HostPattern;
import dev.headgate.route.PathPattern;
import dev.headgate.route.RouteRule;
import dev.headgate.route.ValueCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns what a route's {@code match} says into the conditions of the index. */
final class RouteRules {
  private RouteRules() {}

  /** Stands between a route's id and its second place in a rule's id; no route's id has it. */
  private static final String SECOND = " at ";

  /**
   * Where the route is to be found: at its path, and below its version where the path may say one.
   * Empty where a pattern is wrong, which is then among the problems.
   */
  static List<RouteRule> of(RouteConfig route, ConfigSet set, List<ConfigProblem> problems) {
    RouteRule plain = plain(route, set, problems);
    String prefix =
        route.target() instanceof RouteTarget.Versioned versioned
            ? versioned.versioning().from().path()
            : null;
    if (plain == null || prefix == null) {
      return plain == null ? List.of() : List.of(plain);
    }
    PathPattern path =
        parsed(
            text -> PathPattern.versioned(text, plain.path()),
            prefix,
            ProblemCode.BAD_PATH,
            "versioning.from: ",
            set.markOf("routes", route.id(), "versioning", "from", "path"),
            problems);
    return path == null ? List.of() : List.of(plain, plain.at(plain.id() + SECOND + path, path));
  }

  /** The route that a rule is one of. */
  static String routeId(String ruleId) {
    int second = ruleId.indexOf(SECOND);
    return second < 0 ? ruleId : ruleId.substring(0, second);
  }

  private static @Nullable RouteRule plain(
      RouteConfig route, ConfigSet set, List<ConfigProblem> problems) {
    MatchConfig match = route.match();
    PathPattern path =
        parsed(
            PathPattern::parse,
            match.path(),
            ProblemCode.BAD_PATH,
            "match: ",
            set.markOf("routes", route.id(), "match", "path"),
            problems);
    List<HostPattern> hosts = new ArrayList<>();
    for (String host : match.hosts()) {
      HostPattern parsed =
          parsed(
              HostPattern::parse,
              host,
              ProblemCode.BAD_HOST,
              "match: ",
              set.markOf("routes", route.id(), "match", "hosts"),
              problems);
      if (parsed != null) {
        hosts.add(parsed);
      }
    }
    if (path == null || hosts.size() < match.hosts().size()) {
      return null;
    }
    return new RouteRule(
        route.id(),
        route.priority(),
        hosts,
        path,
        Set.copyOf(match.methods()),
        conditions(match.headers()),
        conditions(match.query()));
  }

  private static <T> @Nullable T parsed(
      Function<String, T> parser,
      String text,
      ProblemCode code,
      String under,
      SourceMark mark,
      List<ConfigProblem> problems) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      problems.add(ConfigProblem.of(mark, code, under + e.getMessage()));
      return null;
    }
  }

  private static List<ValueCondition> conditions(Map<String, ValueMatch> matches) {
    return matches.entrySet().stream()
        .map(entry -> new ValueCondition(entry.getKey(), test(entry.getValue())))
        .toList();
  }

  private static ValueCondition.Test test(ValueMatch match) {
    if (match instanceof ValueMatch.Exact exact) {
      return new ValueCondition.Exact(exact.value());
    }
    return match instanceof ValueMatch.Regex regex
        ? new ValueCondition.Regex(regex.pattern())
        : new ValueCondition.Present(((ValueMatch.Present) match).required());
  }
}
