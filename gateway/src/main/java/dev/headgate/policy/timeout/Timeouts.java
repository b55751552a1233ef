package dev.headgate.policy.timeout;

import dev.headgate.config.TimeoutConfig;
import dev.headgate.exchange.Deadline;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The limits of {@code timeout: {total, per-try}}; {@code idle} is kept where the bytes are. */
public final class Timeouts {
  private Timeouts() {}

  /**
   * The total limit. It sets the deadline which every other wait heeds, and ends the exchange
   * itself: by an error while there is no response, by aborting it once one has begun.
   */
  public static PolicyFactory total() {
    return new Factory(PolicyStage.TOTAL_TIMEOUT, TimeoutConfig::total, Timeouts::totalLimit);
  }

  /** The limit of one try, from asking for a connection to the response's head. */
  public static PolicyFactory perTry() {
    return new Factory(PolicyStage.TRY_TIMEOUT, TimeoutConfig::perTry, Timeouts::tryLimit);
  }

  private static Policy.Around totalLimit(Duration limit) {
    return (exchange, next) -> {
      exchange.deadline(Deadline.after(exchange.now(), limit));
      return TimeLimit.untilEnd(
          next.run(exchange), exchange, limit.toNanos(), FailureReason.DEADLINE_EXCEEDED);
    };
  }

  private static Policy.Around tryLimit(Duration limit) {
    return (exchange, next) ->
        TimeLimit.untilHead(
            next.run(exchange),
            exchange,
            remaining(exchange, limit),
            FailureReason.UPSTREAM_TIMEOUT);
  }

  private static long remaining(GatewayExchange exchange, Duration limit) {
    return exchange.deadline().cap(exchange.now(), limit);
  }

  private record Factory(
      PolicyStage stage,
      Function<TimeoutConfig, @Nullable Duration> limit,
      Function<Duration, Policy.Around> policy)
      implements PolicyFactory {
    @Override
    public Optional<Policy> create(RouteContext context) {
      return Optional.ofNullable(context.route())
          .map(route -> limit.apply(route.timeout()))
          .map(policy);
    }
  }
}
