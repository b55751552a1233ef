package dev.headgate.reload;

import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.RouteTarget;
import dev.headgate.config.SourceMark;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.VersioningConfig;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.policy.LocalAnswer;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policies;
import dev.headgate.policy.PolicyChain;
import dev.headgate.policy.RouteContext;
import dev.headgate.policy.ServedVersion;
import dev.headgate.route.CompiledRoute;
import dev.headgate.route.CompiledVersion;
import dev.headgate.route.PathPattern;
import dev.headgate.route.PathRewrite;
import dev.headgate.route.RouteAnalysis;
import dev.headgate.route.RouteConflict;
import dev.headgate.route.RouteIndex;
import dev.headgate.route.RouteRule;
import dev.headgate.route.RouteTable;
import dev.headgate.route.VersionNegotiation;
import dev.headgate.upstream.UpstreamCall;
import dev.headgate.upstream.UpstreamRegistry;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

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
   * @param rules one or more for each route whose conditions are right, by its id
   * @param problems the others', and those that only a look at all routes together shows
   */
  record Analysis(Map<String, List<RouteRule>> rules, List<ConfigProblem> problems) {}

  /**
   * Looks at all routes together.
   *
   * @param today decides which sunsets are worth a warning
   */
  Analysis analyse(ConfigSet set, LocalDate today) {
    List<ConfigProblem> problems = new ArrayList<>();
    Map<String, List<RouteRule>> rules = new LinkedHashMap<>();
    for (RouteConfig route : set.routes().values()) {
      List<RouteRule> places = RouteRules.of(route, set, problems);
      if (!places.isEmpty()
          && RouteRewrites.areRight(route, places.get(0).path(), set, problems)
          && versionsAreRight(route, set, today, problems)) {
        problems.addAll(questionable(route, places.get(0).path(), set));
        rules.put(route.id(), places);
      }
    }
    List<RouteRule> all = rules.values().stream().flatMap(List::stream).toList();
    for (RouteConflict conflict : RouteAnalysis.conflicts(all)) {
      problems.add(problem(conflict, set));
    }
    return new Analysis(rules, problems);
  }

  // Versions differ in little: what is to be said of the whole route is said once.
  private Set<ConfigProblem> questionable(RouteConfig route, PathPattern path, ConfigSet set) {
    Set<ConfigProblem> found = new LinkedHashSet<>();
    contexts(route, path, set).forEach(context -> policies.check(context, found::add));
    return found;
  }

  private static List<RouteContext> contexts(RouteConfig route, PathPattern path, ConfigSet set) {
    if (!(route.target() instanceof RouteTarget.Versioned versioned)) {
      return List.of(context(route, path, null, set));
    }
    VersioningConfig versioning = versioned.versioning();
    return versioning.versions().entrySet().stream()
        .map(
            entry ->
                context(
                    route.of(entry.getValue()),
                    path,
                    new ServedVersion(versioning, entry.getKey()),
                    set))
        .toList();
  }

  private static boolean versionsAreRight(
      RouteConfig route, ConfigSet set, LocalDate today, List<ConfigProblem> problems) {
    return !(route.target() instanceof RouteTarget.Versioned versioned)
        || new VersionRules(route, versioned.versioning()).areRight(set, today, problems);
  }

  /**
   * Builds the table of a set without problems.
   *
   * @param rules of all its routes
   * @param version of the new table
   * @param upstreams the plan that holds the set's upstreams
   */
  RouteTable compile(
      ConfigSet set,
      Map<String, List<RouteRule>> rules,
      long version,
      UpstreamRegistry.Plan upstreams) {
    List<RouteIndex.Entry<CompiledRoute>> entries = new ArrayList<>(set.routes().size());
    Map<String, CompiledRoute> byId = new HashMap<>();
    for (RouteConfig route : set.routes().values()) {
      List<RouteRule> places = rules.get(route.id());
      if (places == null) {
        throw new IllegalArgumentException(route.id() + ": a set with problems was compiled");
      }
      CompiledRoute compiled = compile(route, places.get(0).path(), set, upstreams);
      places.forEach(rule -> entries.add(new RouteIndex.Entry<>(rule, compiled)));
      byId.put(route.id(), compiled);
    }
    return new RouteTable(version, RouteIndex.of(entries), Map.copyOf(byId));
  }

  private CompiledRoute compile(
      RouteConfig route, PathPattern path, ConfigSet set, UpstreamRegistry.Plan upstreams) {
    RouteTarget target = route.target();
    VersionNegotiation<CompiledVersion> versions =
        target instanceof RouteTarget.Versioned versioned
            ? versions(route, versioned.versioning(), path, set, upstreams)
            : null;
    PathRewrite rewrite = versions == null ? RouteRewrites.of(route, path) : null;
    RouteContext context = withOthers(context(route, path, null, set), set, upstreams);
    PolicyChain chain = chain(context, target, upstreams);
    return new CompiledRoute(route.id(), chain, rewrite, route.timeout().idle(), versions);
  }

  private VersionNegotiation<CompiledVersion> versions(
      RouteConfig route,
      VersioningConfig versioning,
      PathPattern path,
      ConfigSet set,
      UpstreamRegistry.Plan upstreams) {
    List<VersionNegotiation.Entry<CompiledVersion>> entries = new ArrayList<>();
    versioning
        .versions()
        .forEach(
            (id, config) -> {
              RouteConfig one = route.of(config);
              PathRewrite rewrite = RouteRewrites.of(one, path);
              ServedVersion served = new ServedVersion(versioning, id);
              RouteContext context = withOthers(context(one, path, served, set), set, upstreams);
              PolicyChain chain = chain(context, one.target(), upstreams);
              CompiledVersion compiled =
                  new CompiledVersion(
                      chain, rewrite, beginning(config.deprecated()), beginning(config.sunset()));
              entries.add(new VersionNegotiation.Entry<>(id, compiled));
            });
    return new VersionRules(route, versioning).negotiation(entries);
  }

  private static @Nullable Instant beginning(@Nullable LocalDate day) {
    return day == null ? null : day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static RouteContext context(
      RouteConfig route, PathPattern path, @Nullable ServedVersion version, ConfigSet set) {
    UpstreamConfig upstream =
        route.target() instanceof RouteTarget.ToUpstream to
            ? set.upstreams().get(to.upstream())
            : null;
    return new RouteContext(route, upstream, RouteRewrites.reversal(route, path), version);
  }

  private RouteContext withOthers(
      RouteContext context, ConfigSet set, UpstreamRegistry.Plan upstreams) {
    return new RouteContext(
        context.route(),
        context.upstream(),
        context.reversal(),
        context.version(),
        id -> {
          RouteContext other =
              new RouteContext(context.route(), set.upstreams().get(id), null, context.version());
          Next call = new UpstreamCall(upstreams.upstream(id));
          return PolicyChain.compile(policies.askingUpstream(other), call)::run;
        });
  }

  private PolicyChain chain(
      RouteContext context, RouteTarget target, UpstreamRegistry.Plan upstreams) {
    return PolicyChain.compile(policies.of(context), end(target, upstreams));
  }

  private static Next end(RouteTarget target, UpstreamRegistry.Plan upstreams) {
    if (target instanceof RouteTarget.ToUpstream to) {
      return new UpstreamCall(upstreams.upstream(to.upstream()));
    }
    if (target instanceof RouteTarget.Versioned) {
      // Whoever negotiates puts its refusal here.
      return exchange -> Mono.error(GatewayFailure.of(FailureReason.VERSION_REQUIRED));
    }
    return target instanceof RouteTarget.Redirect redirect
        ? LocalAnswer.redirect(redirect)
        : LocalAnswer.respond((RouteTarget.Respond) target);
  }

  private static ConfigProblem problem(RouteConflict conflict, ConfigSet set) {
    String others = String.join(", ", conflict.others());
    String places =
        String.join(", ", conflict.others().stream().map(id -> mark(id, set).toString()).toList());
    SourceMark mark = mark(conflict.routeId(), set);
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

  private static SourceMark mark(String ruleId, ConfigSet set) {
    return set.markOf("routes", RouteRules.routeId(ruleId));
  }
}
