package dev.headgate.policy.fallback;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.RouteConfig;
import dev.headgate.policy.LocalAnswer;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import dev.headgate.telemetry.Decisions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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
