package dev.headgate.policy.reverse;

import dev.headgate.config.RewriteConfig;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.Optional;

/** {@code rewrite: {reverse: true}} of a route. */
public final class ReverseRewriteFactory implements PolicyFactory {
  @Override
  public PolicyStage stage() {
    return PolicyStage.REVERSE_REWRITE;
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    RewriteConfig rewrite = context.route() == null ? null : context.route().rewrite();
    return rewrite == null
            || !rewrite.reverse()
            || context.upstream() == null
            || context.reversal() == null
        ? Optional.empty()
        : Optional.of(
            new ReverseRewrite(UpstreamPlaces.of(context.upstream(), context.reversal())));
  }
}
