package dev.headgate.policy.tracing;

import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import dev.headgate.telemetry.trace.Tracing;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A place in a trace, for every request. */
public final class TracingFactory implements PolicyFactory {
  private final @Nullable Tracing tracing;

  /**
   * @param tracing null where the gateway takes no part in traces
   */
  public TracingFactory(@Nullable Tracing tracing) {
    this.tracing = tracing;
  }

  @Override
  public PolicyStage stage() {
    return PolicyStage.TRACING;
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    return tracing == null
        ? Optional.empty()
        : Optional.of(
            new InTrace(tracing, context.route() == null ? null : context.route().match().path()));
  }
}
