package dev.headgate.wiring;

import dev.headgate.policy.Policies;
import dev.headgate.policy.accesslog.AccessLogging;
import dev.headgate.policy.headers.Headers;
import dev.headgate.policy.requestid.RequestId;
import dev.headgate.policy.retry.Retry;
import dev.headgate.policy.timeout.Timeouts;
import dev.headgate.telemetry.AccessLog;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The one place where a policy is registered. */
public final class PolicyCatalog {
  private PolicyCatalog() {}

  /** All policies, writing to this access log. */
  public static Policies policies(AccessLog log) {
    return new Policies(
        List.of(
            RequestId.factory(),
            AccessLogging.factory(log, InstantSource.system()),
            Headers.factory(),
            Timeouts.total(),
            Retry.factory(() -> ThreadLocalRandom.current().nextDouble()),
            Timeouts.perTry()));
  }
}
