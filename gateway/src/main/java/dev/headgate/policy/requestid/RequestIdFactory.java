package dev.headgate.policy.requestid;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.Optional;

/** {@code X-Request-Id}, for every request. */
public final class RequestIdFactory implements PolicyFactory {
  // An id has to be unique, not secret: the thread-local generator does not contend.
  private final RequestId policy =
      new RequestId(() -> UuidCreator.getTimeOrderedEpochFast().toString());

  @Override
  public PolicyStage stage() {
    return PolicyStage.REQUEST_ID;
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    return Optional.of(policy);
  }
}
