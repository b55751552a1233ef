package dev.headgate.policy.breaker;

import dev.headgate.telemetry.Decisions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Breakers on a clock that is moved by hand. */
final class Breakers {
  /** Half of ten, at least four; open for 10s, three tries, no ramp. */
  static final BreakerConfig PLAIN =
      new BreakerConfig(
          50, Statuses.SERVER_ERRORS, null, 80, 10, 4, Duration.ofSeconds(10), 3, Duration.ZERO);

  long now = TimeUnit.DAYS.toNanos(3);

  Breaker of(BreakerConfig config) {
    return new Breaker("svc", config, () -> now, Decisions.UNCOUNTED);
  }

  void advance(Duration by) {
    now += by.toNanos();
  }

  static BreakerConfig ramping(Duration rampUp) {
    return with(PLAIN, null, PLAIN.openFor(), rampUp);
  }

  static BreakerConfig openFor(Duration openFor) {
    return with(PLAIN, null, openFor, Duration.ZERO);
  }

  static BreakerConfig slow(Duration slowCall) {
    return with(PLAIN, slowCall, PLAIN.openFor(), Duration.ZERO);
  }

  static BreakerConfig with(
      BreakerConfig like, @Nullable Duration slowCall, Duration openFor, Duration rampUp) {
    return new BreakerConfig(
        like.failureRate(),
        like.failureStatus(),
        slowCall,
        like.slowCallRate(),
        like.window(),
        like.minimumCalls(),
        openFor,
        like.halfOpenCalls(),
        rampUp);
  }

  /** One that is let through. */
  static Permission acquired(Breaker breaker) {
    Permission permission = breaker.tryAcquire();
    if (permission == null) {
      throw new AssertionError("not let through: " + breaker.word());
    }
    return permission;
  }

  static List<Permission> acquired(Breaker breaker, int times) {
    List<Permission> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.add(acquired(breaker));
    }
    return all;
  }

  static void succeed(Breaker breaker, int times) {
    for (int i = 0; i < times; i++) {
      breaker.succeeded(acquired(breaker), 0);
    }
  }

  static void fail(Breaker breaker, int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed(acquired(breaker), 0);
    }
  }

  /** Of so many that ask and, let through, succeed. */
  static int letThrough(Breaker breaker, int asking) {
    int through = 0;
    for (int i = 0; i < asking; i++) {
      Permission permission = breaker.tryAcquire();
      if (permission != null) {
        breaker.succeeded(permission, 0);
        through++;
      }
    }
    return through;
  }
}
