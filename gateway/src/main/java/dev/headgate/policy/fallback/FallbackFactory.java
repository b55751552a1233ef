package dev.headgate.policy.fallback;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.policy.LocalAnswer;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import dev.headgate.policy.ToleratesRepeats;
import dev.headgate.telemetry.Decisions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** Fallbacks, for routes with an upstream that have one written. */
public final class FallbackFactory implements PolicyFactory {
  private final Decisions decisions;

  public FallbackFactory(Decisions decisions) {
    this.decisions = decisions;
  }

  @Override
  public PolicyStage stage() {
    return PolicyStage.FALLBACK;
  }

  @Override
  public List<ConfigKey<?>> routeKeys() {
    return List.of(FallbackConfig.KEY);
  }

  @Override
  public void check(RouteContext context, Consumer<ConfigProblem> problems) {
    RouteConfig route = context.route();
    UpstreamConfig upstream = context.upstream();
    FallbackConfig config = route == null ? null : route.extensions().get(FallbackConfig.KEY);
    // It would be one more try of a service that fails, past its budget.
    if (route != null
        && upstream != null
        && config != null
        && upstream.id().equals(config.upstream())) {
      problems.accept(
          ConfigProblem.of(
              route.mark(),
              ProblemCode.BAD_VALUE,
              "route \"%s\": fallback.upstream: \"%s\" is the one it stands in for (expected: another, or retry)"
                  .formatted(route.id(), upstream.id())));
    }
    // The other one knows nothing of the keys that the first one had.
    if (route != null
        && config != null
        && config.upstream() != null
        && route
            .extensions()
            .all(ToleratesRepeats.class)
            .anyMatch(ToleratesRepeats::upstreamIdempotent)) {
      problems.accept(
          ConfigProblem.of(
              route.mark(),
              ProblemCode.CONFLICTING_KEYS,
              "route \"%s\": fallback.upstream: \"%s\" stands beside upstream-idempotent, and what one service may have done the other does not know (expected: the one or the other)"
                  .formatted(route.id(), config.upstream())));
    }
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    RouteConfig route = context.route();
    if (route == null || context.upstream() == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(route.extensions().get(FallbackConfig.KEY))
        .map(config -> new Fallback(config.on(), instead(config, context), decisions));
  }

  private static Fallback.Instead instead(FallbackConfig config, RouteContext context) {
    if (config.upstream() != null) {
      return new Fallback.Instead(context.elsewhere().apply(config.upstream()), true);
    }
    Next answer = LocalAnswer.respond(Objects.requireNonNull(config.respond()));
    return new Fallback.Instead(answer, false);
  }
}
