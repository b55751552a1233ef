package dev.headgate.policy.breaker;

/** Where an upstream's breaker is found, whatever its settings have become. */
final class BreakerSlot {
  private volatile Breaker breaker;

  BreakerSlot(Breaker breaker) {
    this.breaker = breaker;
  }

  Breaker breaker() {
    return breaker;
  }

  /** Other settings; the same ones leave everything as it is. */
  void configure(BreakerConfig config) {
    Breaker now = breaker;
    if (!now.config().equals(config)) {
      breaker = now.succeededBy(config);
    }
  }
}
