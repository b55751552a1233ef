package dev.headgate.policy.idempotency;

import dev.headgate.exchange.GatewayExchange;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Renews a lease for as long as its call runs. */
final class LeaseKeeper {
  // Beyond this there is no time left to ask the store again.
  private static final long TRY_AGAIN = TimeUnit.SECONDS.toNanos(1);

  private final GatewayExchange exchange;
  private final IdempotencyStore store;
  private final StoreCalls calls;
  private final KeyedCall.Claimed claimed;
  private final Runnable lost;
  private Lease lease;
  private @Nullable Future<?> timer;
  private boolean stopped;

  LeaseKeeper(
      GatewayExchange exchange,
      IdempotencyStore store,
      StoreCalls calls,
      KeyedCall.Claimed claimed,
      Lease lease,
      Runnable lost) {
    this.exchange = exchange;
    this.store = store;
    this.calls = calls;
    this.claimed = claimed;
    this.lease = lease;
    this.lost = lost;
  }

  /** Begins; a call that ends by its deadline needs no renewal, so the first comes after that. */
  void keep() {
    renewIn(lease.leftNanos(exchange.now()) - Lease.GRACE.toNanos() / 2);
  }

  boolean live() {
    return lease.live(exchange.now());
  }

  void stop() {
    stopped = true;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private void renewIn(long nanos) {
    timer = exchange.loop().schedule(this::renew, Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }

  private void renew() {
    if (stopped || !live()) {
      return;
    }
    long asked = exchange.now();
    calls.hear(
        "renew",
        store.renew(claimed.key(), claimed.token(), Lease.RENEWED, StoreCalls.AFTERWARDS),
        (renewed, failure) -> {
          if (stopped) {
            return;
          }
          if (failure != null) {
            renewIn(TRY_AGAIN);
          } else if (Boolean.TRUE.equals(renewed)) {
            lease = new Lease(asked, Lease.RENEWED);
            keep();
          } else {
            lease = new Lease(asked, Duration.ZERO);
            lost.run();
          }
        });
  }
}
