package dev.headgate.policy.timeout;

import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.Optional;

/** The total limit of {@code timeout: {total}}; {@code none} leaves it out of the chain. */
public final class TotalTimeoutFactory implements PolicyFactory {

  @Override
  public PolicyStage stage() {
    return PolicyStage.TOTAL_TIMEOUT;
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    return Optional.ofNullable(context.route())
        .map(route -> route.timeout().total())
        .map(TotalTimeout::new);
  }
}
