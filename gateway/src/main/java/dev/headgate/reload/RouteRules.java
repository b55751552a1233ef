package dev.headgate.reload;

import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.MatchConfig;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.RouteConfig;
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

  /** Null where a pattern is wrong, which is then among the problems. */
  static @Nullable RouteRule of(RouteConfig route, ConfigSet set, List<ConfigProblem> problems) {
    MatchConfig match = route.match();
    PathPattern path =
        parsed(
            PathPattern::parse,
            match.path(),
            ProblemCode.BAD_PATH,
            set.markOf("routes", route.id(), "match", "path"),
            problems);
    List<HostPattern> hosts = new ArrayList<>();
    for (String host : match.hosts()) {
      HostPattern parsed =
          parsed(
              HostPattern::parse,
              host,
              ProblemCode.BAD_HOST,
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
      SourceMark mark,
      List<ConfigProblem> problems) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      problems.add(ConfigProblem.of(mark, code, "match: " + e.getMessage()));
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
