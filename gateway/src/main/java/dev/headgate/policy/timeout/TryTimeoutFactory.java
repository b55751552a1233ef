package dev.headgate.policy.timeout;

import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.Optional;

/** The limit of one try, {@code timeout: {per-try}}. */
public final class TryTimeoutFactory implements PolicyFactory {

  @Override
  public PolicyStage stage() {
    return PolicyStage.TRY_TIMEOUT;
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    return Optional.ofNullable(context.route())
        .map(route -> route.timeout().perTry())
        .map(TryTimeout::new);
  }
}
