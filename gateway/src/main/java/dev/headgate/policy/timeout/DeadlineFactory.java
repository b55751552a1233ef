package dev.headgate.policy.timeout;

import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.Optional;

/** The deadline of {@code timeout: {total}}, which a caller can shorten. */
public final class DeadlineFactory implements PolicyFactory {

  @Override
  public PolicyStage stage() {
    return PolicyStage.DEADLINE;
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    return TotalTimeoutFactory.limited(context)
        .map(route -> new SetDeadline(route.timeout().total()));
  }
}
