package dev.headgate.policy.retry;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import dev.headgate.telemetry.Decisions;
import java.time.InstantSource;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Tries again where that is safe, while deadline and budget allow it.
 *
 * @param budget the upstream's
 * @param hedge null where the route does not ask twice
 * @param refusesWhileSending whether the service can say after part of a body that it took nothing,
 *     as HTTP/2 can: only then is it worth keeping the body of a request that may not be repeated
 */
record Retry(
    RetryConfig config,
    TokenBucket budget,
    @Nullable Hedge hedge,
    boolean refusesWhileSending,
    Tools tools)
    implements Policy.Around {

  /**
   * What all routes share.
   *
   * @param random 0 (inclusive) to 1 (exclusive), for jitter
   * @param clock the wall clock, for dates in {@code Retry-After}
   */
  record Tools(DoubleSupplier random, InstantSource clock, Decisions decisions) {}

  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    budget.deposit();
    Body body = exchange.body();
    // A tunnel's bytes are not asked for before the service has agreed, and then it is too late.
    if (config.maxAttempts() > 1
        && exchange.upgrade() == null
        && body.length() != 0
        && !body.replayable()) {
      ReplayBody replayed = new ReplayBody(body, keeps(exchange, body.length()));
      exchange.body(replayed);
      exchange.onEnd(replayed::discard);
    }
    return new RetryMono(exchange, next, this);
  }

  private long keeps(GatewayExchange exchange, long length) {
    boolean useful = refusesWhileSending || exchange.repeatable();
    return useful && length <= config.maxBody() ? config.maxBody() : 0;
  }
}
