package dev.headgate.policy.breaker;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.telemetry.Decisions;
import dev.headgate.telemetry.Decisions.UpstreamEvent;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The breaker of one upstream with one set of settings, for all event loops: resilience4j's state
 * machine and sliding window, and around them what a gateway needs besides.
 *
 * <ul>
 *   <li>What a try tells counts in the phase that permitted it, and in no later one. resilience4j
 *       takes a permission of the closed state, given back late, for one more half-open call, and a
 *       late result for that of a trial.
 *   <li>A half-open phase ends also when its tries do not: see {@link #judgeOverdue}.
 *   <li>After closing, admission ramps up: see {@link Phase#admits}.
 * </ul>
 *
 * <p>No listener is registered with resilience4j: with one, it makes an event with a time stamp of
 * every call. Transitions are seen by comparing ({@link #look}) after whatever may cause one. There
 * is no timer either; time is looked at when somebody asks to be let through.
 *
 * <p>Not final for the mutants of its property test alone.
 */
class Breaker {
  private static final long TRIAL_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String upstream;
  private final BreakerConfig config;
  private final LongSupplier nanos;
  private final Decisions decisions;
  private final CircuitBreaker machine;
  private final AtomicReference<Phase> phase;

  /** resilience4j asks for a throwable and only ever looks at its type; one that has no trace. */
  private final Throwable failure = GatewayFailure.of(FailureReason.UPSTREAM_RESET);

  private volatile @Nullable Breaker successor;

  /**
   * @param nanos the event loops' ticker
   */
  Breaker(String upstream, BreakerConfig config, LongSupplier nanos, Decisions decisions) {
    this.upstream = upstream;
    this.config = config;
    this.nanos = nanos;
    this.decisions = decisions;
    this.machine = CircuitBreaker.of(upstream, settings(config, nanos));
    this.phase =
        new AtomicReference<>(
            new Phase(machine.getState(), machine.getMetrics(), nanos.getAsLong(), 0));
  }

  private static CircuitBreakerConfig settings(BreakerConfig config, LongSupplier nanos) {
    Duration slow = config.slowCall();
    // Without locks, an event loop never waits for another that the system has put aside. A window
    // of one is what 2.4.0 gets wrong without them: its head becomes null.
    boolean single = config.window() == 1 || config.halfOpenCalls() == 1;
    return CircuitBreakerConfig.custom()
        .slidingWindow(
            config.window(),
            config.minimumCalls(),
            SlidingWindowType.COUNT_BASED,
            single
                ? SlidingWindowSynchronizationStrategy.SYNCHRONIZED
                : SlidingWindowSynchronizationStrategy.LOCK_FREE)
        .failureRateThreshold((float) config.failureRate())
        .slowCallRateThreshold(slow == null ? 100 : (float) config.slowCallRate())
        .slowCallDurationThreshold(slow == null ? Duration.ofNanos(Long.MAX_VALUE) : slow)
        .waitDurationInOpenState(config.openFor())
        .permittedNumberOfCallsInHalfOpenState(config.halfOpenCalls())
        .clock(new TickerClock(nanos))
        .build();
  }

  BreakerConfig config() {
    return config;
  }

  /** What it is in now, as far as anybody has asked it since. */
  Phase phase() {
    return look();
  }

  /** {@code closed}, {@code open}, {@code half-open} or {@code ramp-up}. */
  String word() {
    Phase now = look();
    return now.ramping(nanos.getAsLong())
        ? "ramp-up"
        : now.state().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Asks to be let through; null where that is not to be. */
  @Nullable Permission tryAcquire() {
    Phase before = look();
    if (before.turnsAway(nanos)) {
      return null;
    }
    if (!machine.tryAcquirePermission()) {
      return before.state() == State.HALF_OPEN && judgeOverdue(before) && look() != before
          ? tryAcquire()
          : null;
    }
    Phase now = look();
    Permission permission = new Permission(now);
    now.trialBegins(permission);
    return permission;
  }

  /** After how many seconds it is worth asking again; at least 1. */
  long retryAfterSeconds() {
    Phase now = look();
    return now.state() == State.OPEN ? now.leftSeconds(nanos.getAsLong()) : 1;
  }

  /**
   * The service answered as it should.
   *
   * @param took nanoseconds to its answer's head
   */
  void succeeded(Permission permission, long took) {
    if (settle(permission)) {
      tell(permission, true, took);
    }
  }

  /**
   * The service failed.
   *
   * @param took nanoseconds until then
   */
  void failed(Permission permission, long took) {
    if (settle(permission)) {
      tell(permission, false, took);
    }
  }

  /** Nothing can be said of the service; another may have the permission. */
  void unused(Permission permission) {
    if (settle(permission) && isCurrent(permission)) {
      machine.releasePermission();
    }
  }

  /** Whether it was given in the phase of now. */
  boolean isCurrent(Permission permission) {
    return permission.phase().measured() == machine.getMetrics();
  }

  boolean settle(Permission permission) {
    if (!permission.settle()) {
      return false;
    }
    permission.phase().trialOver(permission);
    return true;
  }

  private void tell(Permission permission, boolean well, long took) {
    Breaker next = successor;
    if (next != null) {
      next.inherit(permission, well, took);
    } else if (isCurrent(permission)) {
      count(well, took);
    }
  }

  // From before a reload: it says as much of the service as one begun after it, while the breaker
  // was closed and is.
  private void inherit(Permission permission, boolean well, long took) {
    if (permission.phase().state() == State.CLOSED && look().state() == State.CLOSED) {
      count(well, took);
    }
  }

  private void count(boolean well, long took) {
    if (well) {
      machine.onSuccess(took, TimeUnit.NANOSECONDS);
    } else {
      machine.onError(took, TimeUnit.NANOSECONDS, failure);
    }
    look();
  }

  /**
   * Ends the trial of tries that do not end: each counts by whether a good answer has begun. Else
   * downloads of an hour, or a service that never answers, would keep everybody else out.
   *
   * @return whether the time for that has come
   */
  boolean judgeOverdue(Phase halfOpen) {
    long now = nanos.getAsLong();
    if (now - halfOpen.sinceNanos() < Math.max(TRIAL_LIMIT_NANOS, config.openFor().toNanos())) {
      return false;
    }
    for (Permission permission : halfOpen.onTrial()) {
      long head = permission.headNanos();
      if (head >= 0) {
        succeeded(permission, head);
      } else {
        failed(permission, now - halfOpen.sinceNanos());
      }
    }
    return true;
  }

  /** The phase of now; whoever sees a new one first says so. */
  private Phase look() {
    Phase seen = known();
    State state = machine.getState();
    CircuitBreaker.Metrics measured = machine.getMetrics();
    if (seen.is(state, measured)) {
      return seen;
    }
    long lasts =
        switch (state) {
          case OPEN -> config.openFor().toNanos();
          case CLOSED -> config.rampUp().toNanos();
          default -> 0;
        };
    Phase next = new Phase(state, measured, nanos.getAsLong(), lasts);
    if (phase.compareAndSet(seen, next)) {
      announce(seen, next);
    }
    return known();
  }

  private Phase known() {
    return Objects.requireNonNull(phase.get());
  }

  private void announce(Phase seen, Phase next) {
    if (seen.state() == next.state()) {
      return;
    }
    switch (next.state()) {
      case OPEN -> decisions.made(UpstreamEvent.BREAKER_OPENED, upstream, rates(next));
      case HALF_OPEN ->
          decisions.made(
              UpstreamEvent.BREAKER_HALF_OPENED, upstream, config.halfOpenCalls() + " tries");
      case CLOSED -> decisions.made(UpstreamEvent.BREAKER_CLOSED, upstream, "");
      default -> throw new IllegalStateException(next.state() + " is not used");
    }
  }

  private static String rates(Phase phase) {
    CircuitBreaker.Metrics measured = phase.measured();
    return "after %d failures and %d slow among %d tries"
        .formatted(
            measured.getNumberOfFailedCalls(),
            measured.getNumberOfSlowCalls(),
            measured.getNumberOfBufferedCalls());
  }

  /**
   * The breaker with other settings that takes this one's place and state: open for the rest of its
   * time, half-open with all its tries, or closed with what its window holds.
   */
  Breaker succeededBy(BreakerConfig changed) {
    Breaker next = new Breaker(upstream, changed, nanos, decisions);
    next.takeOver(look());
    successor = next;
    return next;
  }

  private void takeOver(Phase was) {
    long now = nanos.getAsLong();
    switch (was.state()) {
      case OPEN -> {
        long rest = Math.min(was.leftNanos(now), config.openFor().toNanos());
        machine.transitionToOpenStateFor(Duration.ofNanos(rest));
        become(now, rest);
      }
      case HALF_OPEN -> {
        machine.transitionToOpenState();
        machine.transitionToHalfOpenState();
        become(now, 0);
      }
      default -> {
        // At the share it had come to, or that it would have come to at the new pace.
        become(was.sinceNanos(), was.ramping(now) ? config.rampUp().toNanos() : 0);
        replay(was.measured());
      }
    }
  }

  /** Nobody is told: it was so before. */
  private void become(long since, long lasts) {
    phase.set(new Phase(machine.getState(), machine.getMetrics(), since, lasts));
  }

  /** Successes first: what the rates come to in the end is the most that they come to. */
  private void replay(CircuitBreaker.Metrics measured) {
    int held = measured.getNumberOfBufferedCalls();
    double share = held <= config.window() ? 1 : (double) config.window() / held;
    long fast = 0;
    long slow = config.slowCall() == null ? 0 : config.slowCall().toNanos() + 1;
    int slowWell = measured.getNumberOfSlowSuccessfulCalls();
    int slowFailed = measured.getNumberOfSlowFailedCalls();
    replay(measured.getNumberOfSuccessfulCalls() - slowWell, share, true, fast);
    replay(slowWell, share, true, slow);
    replay(measured.getNumberOfFailedCalls() - slowFailed, share, false, fast);
    replay(slowFailed, share, false, slow);
  }

  private void replay(int calls, double share, boolean well, long took) {
    for (int left = (int) Math.round(calls * share); left > 0; left--) {
      count(well, took);
    }
  }
}
