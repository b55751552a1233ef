package dev.headgate.policy.idempotency;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.RouteConfig;
import dev.headgate.exchange.Background;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import dev.headgate.telemetry.Decisions;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Idempotency keys, for routes with an upstream that have them written. */
public final class IdempotencyFactory implements PolicyFactory {
  private final IdempotencyTools tools;
  private final boolean embedded;

  /**
   * Makes policies that share one store.
   *
   * @param random for tokens; safe for all threads
   * @param background hears of calls that outlive their clients
   */
  public IdempotencyFactory(
      KeyStore keys,
      RandomGenerator random,
      Background background,
      Decisions decisions,
      MeterRegistry meters) {
    this.tools =
        new IdempotencyTools(keys.store(), random, background, decisions, new KeyMeters(meters));
    this.embedded = keys.embedded();
  }

  @Override
  public PolicyStage stage() {
    return PolicyStage.IDEMPOTENCY;
  }

  @Override
  public List<ConfigKey<?>> routeKeys() {
    return List.of(IdempotencyConfig.KEY);
  }

  @Override
  public void check(RouteContext context, Consumer<ConfigProblem> problems) {
    RouteConfig route = context.route();
    IdempotencyConfig config = route == null ? null : route.extensions().get(IdempotencyConfig.KEY);
    if (route == null || config == null || !config.required()) {
      return;
    }
    if (embedded) {
      problems.accept(
          ConfigProblem.of(
              route.mark(),
              ProblemCode.IDEMPOTENCY_EMBEDDED_STORE,
              "route \"%s\": idempotency requires keys, which are kept in this process alone and forgotten when it ends (idempotency-embedded-store; expected: headgate.store.redis.uri)"
                  .formatted(route.id())));
    }
    if (config.scope().equals(List.of(CallerPart.PRINCIPAL))) {
      problems.accept(
          ConfigProblem.of(
              route.mark(),
              ProblemCode.IDEMPOTENCY_NO_PRINCIPAL,
              "route \"%s\": idempotency.scope is the principal, and nothing on the route asks for a credential: all callers without Authorization are one, and could get each other's answers (expected: scope with a header that tells them apart)"
                  .formatted(route.id())));
    }
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    RouteConfig route = context.route();
    if (route == null || context.upstream() == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(route.extensions().get(IdempotencyConfig.KEY))
        .map(
            config ->
                new Idempotency(
                    config, Objects.requireNonNullElse(config.namespace(), route.id()), tools));
  }
}
