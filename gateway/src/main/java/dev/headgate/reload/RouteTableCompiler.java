package dev.headgate.reload;

import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.RewriteConfig;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.RouteTarget;
import dev.headgate.config.SourceMark;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.policy.LocalAnswer;
import dev.headgate.policy.Next;
import dev.headgate.policy.PathReversal;
import dev.headgate.policy.Policies;
import dev.headgate.policy.PolicyChain;
import dev.headgate.policy.RouteContext;
import dev.headgate.route.CompiledRoute;
import dev.headgate.route.PathPattern;
import dev.headgate.route.PathRewrite;
import dev.headgate.route.RouteAnalysis;
import dev.headgate.route.RouteConflict;
import dev.headgate.route.RouteIndex;
import dev.headgate.route.RouteRule;
import dev.headgate.route.RouteTable;
import dev.headgate.upstream.UpstreamCall;
import dev.headgate.upstream.UpstreamRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a table of a decoded set: patterns, index, chains. It touches nothing that runs; what it
 * finds wrong is told with the place in the text.
 */
final class RouteTableCompiler {
  private final Policies policies;

  RouteTableCompiler(Policies policies) {
    this.policies = policies;
  }

  /**
   * What became of the routes' conditions.
   *
   * @param rules by the ids of the routes whose conditions are right
   * @param problems the others', and those that only a look at all routes together shows
   */
  record Analysis(Map<String, RouteRule> rules, List<ConfigProblem> problems) {}

  Analysis analyse(ConfigSet set) {
    List<ConfigProblem> problems = new ArrayList<>();
    Map<String, RouteRule> rules = new LinkedHashMap<>();
    for (RouteConfig route : set.routes().values()) {
      RouteRule rule = RouteRules.of(route, set, problems);
      if (rule != null && rewriteIsRight(route, rule, set, problems)) {
        rules.put(route.id(), rule);
      }
    }
    for (RouteConflict conflict : RouteAnalysis.conflicts(List.copyOf(rules.values()))) {
      problems.add(problem(conflict, set));
    }
    return new Analysis(rules, problems);
  }

  /**
   * Builds the table of a set without problems.
   *
   * @param rules of all its routes
   * @param version of the new table
   * @param upstreams the plan that holds the set's upstreams
   */
  RouteTable compile(
      ConfigSet set, Map<String, RouteRule> rules, long version, UpstreamRegistry.Plan upstreams) {
    List<RouteIndex.Entry<CompiledRoute>> entries = new ArrayList<>(set.routes().size());
    Map<String, CompiledRoute> byId = new HashMap<>();
    for (RouteConfig route : set.routes().values()) {
      RouteRule rule = rules.get(route.id());
      if (rule == null) {
        throw new IllegalArgumentException(route.id() + ": a set with problems was compiled");
      }
      CompiledRoute compiled = compile(route, rule, set, upstreams);
      entries.add(new RouteIndex.Entry<>(rule, compiled));
      byId.put(route.id(), compiled);
    }
    return new RouteTable(version, RouteIndex.of(entries), Map.copyOf(byId));
  }

  private CompiledRoute compile(
      RouteConfig route, RouteRule rule, ConfigSet set, UpstreamRegistry.Plan upstreams) {
    UpstreamConfig upstream =
        route.target() instanceof RouteTarget.ToUpstream to
            ? set.upstreams().get(to.upstream())
            : null;
    PathRewrite rewrite = rewrite(route, rule.path());
    RouteContext context = new RouteContext(route, upstream, reversal(rewrite));
    PolicyChain chain = PolicyChain.compile(policies.of(context), end(route.target(), upstreams));
    return new CompiledRoute(route.id(), chain, rewrite, route.timeout().idle());
  }

  private static @Nullable PathReversal reversal(@Nullable PathRewrite rewrite) {
    return rewrite == null ? null : new PathReversal(rewrite::reverse, rewrite::reversePrefix);
  }

  private static Next end(RouteTarget target, UpstreamRegistry.Plan upstreams) {
    if (target instanceof RouteTarget.ToUpstream to) {
      return new UpstreamCall(upstreams.upstream(to.upstream()));
    }
    return target instanceof RouteTarget.Redirect redirect
        ? LocalAnswer.redirect(redirect)
        : LocalAnswer.respond((RouteTarget.Respond) target);
  }

  private static @Nullable PathRewrite rewrite(RouteConfig route, PathPattern pattern) {
    RewriteConfig rewrite = route.rewrite();
    if (rewrite instanceof RewriteConfig.Path path) {
      return PathRewrite.template(path.template(), pattern);
    }
    return rewrite instanceof RewriteConfig.StripPrefix strip
        ? PathRewrite.stripPrefix(strip.prefix(), pattern)
        : null;
  }

  private static boolean rewriteIsRight(
      RouteConfig route, RouteRule rule, ConfigSet set, List<ConfigProblem> problems) {
    try {
      rewrite(route, rule.path());
      return true;
    } catch (IllegalArgumentException e) {
      SourceMark mark = set.markOf("routes", route.id(), "rewrite");
      problems.add(ConfigProblem.of(mark, ProblemCode.BAD_REWRITE, "rewrite: " + e.getMessage()));
      return false;
    }
  }

  private static ConfigProblem problem(RouteConflict conflict, ConfigSet set) {
    String others = String.join(", ", conflict.others());
    String places =
        String.join(
            ", ",
            conflict.others().stream().map(id -> set.markOf("routes", id).toString()).toList());
    SourceMark mark = set.markOf("routes", conflict.routeId());
    return switch (conflict.kind()) {
      case TIE ->
          ConfigProblem.of(
              mark,
              ProblemCode.TIED_ROUTES,
              "route \"%s\" ties with %s at %s (expected: different conditions, or a priority)"
                  .formatted(conflict.routeId(), others, places));
      case UNREACHABLE ->
          ConfigProblem.of(
              mark,
              ProblemCode.UNREACHABLE_ROUTE,
              "route \"%s\" can never be reached: %s at %s cover it (expected: a request it serves)"
                  .formatted(conflict.routeId(), others, places));
    };
  }
}
