package dev.headgate.policy.accesslog;

import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import dev.headgate.telemetry.AccessLog;
import java.time.InstantSource;
import java.util.Optional;

/** The access log, for every request. */
public final class AccessLogFactory implements PolicyFactory {
  private final AccessLog log;
  private final Policy policy;

  /**
   * A factory for lines that go to one log.
   *
   * @param clock the wall clock, for the time of the line only
   */
  public AccessLogFactory(AccessLog log, InstantSource clock) {
    this.log = log;
    this.policy = new AccessLogging(log, clock);
  }

  @Override
  public PolicyStage stage() {
    return PolicyStage.ACCESS_LOG;
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    return log == AccessLog.NONE ? Optional.empty() : Optional.of(policy);
  }
}
