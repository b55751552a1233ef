package dev.headgate.policy.breaker;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where an upstream's breaker is found, whatever its settings have become. It is made when it is
 * first asked: a window takes some 14 KB, and of ten thousand upstreams most are quiet.
 */
final class BreakerSlot {
  private final Function<BreakerConfig, Breaker> making;
  private final AtomicReference<@Nullable Breaker> breaker = new AtomicReference<>();
  private volatile BreakerConfig config;

  BreakerSlot(BreakerConfig config, Function<BreakerConfig, Breaker> making) {
    this.config = config;
    this.making = making;
  }

  Breaker breaker() {
    Breaker now = breaker.get();
    if (now != null) {
      return now;
    }
    Breaker made = making.apply(config);
    if (breaker.compareAndSet(null, made)) {
      // Other settings may have come between the look at them and this.
      succeed(made);
    }
    return breaker();
  }

  /** What it is in, without making one to ask. */
  String word() {
    Breaker now = breaker.get();
    return now == null ? "closed" : now.word();
  }

  /** Other settings; the same ones leave everything as it is. */
  void configure(BreakerConfig changed) {
    config = changed;
    Breaker now = breaker.get();
    if (now != null) {
      succeed(now);
    }
  }

  private void succeed(Breaker now) {
    BreakerConfig wanted = config;
    if (!now.config().equals(wanted)) {
      breaker.compareAndSet(now, now.succeededBy(wanted));
    }
  }
}
