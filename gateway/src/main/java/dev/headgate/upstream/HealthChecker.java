package dev.headgate.upstream;

import dev.headgate.config.HealthCheckConfig;
import dev.headgate.upstream.HealthVerdict.Health;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When an endpoint is checked: again and again, one check at a time, each a while after the last
 * has ended, with jitter so that a thousand endpoints are not asked at one moment. On one event
 * loop, but for what the config says, which may come from any thread.
 */
final class HealthChecker {
  private static final double JITTER = 0.1;
  // The first should not take long, nor come from all gateways and endpoints at once.
  private static final Duration FIRST_WITHIN = Duration.ofMillis(500);

  private final Listener endpoint;
  private final EventLoop loop;
  private final Check check;
  private @Nullable HealthCheckConfig config;
  private String basePath = "";
  private HealthVerdict verdict = HealthVerdict.NONE;
  private @Nullable Future<?> next;
  private @Nullable Runnable running;

  /** Hears of changes, on the event loop. */
  interface Listener {
    /**
     * @param why in words for the log
     */
    void health(Health changed, String why, long nowNanos);
  }

  /** Asks an endpoint once. */
  interface Check {
    /**
     * @param done is told what was wrong, or null where nothing was; once, on the event loop,
     *     unless cancelled before, and never before this returns
     * @return cancels it
     */
    Runnable start(HealthCheckConfig config, String basePath, Consumer<@Nullable String> done);
  }

  HealthChecker(Listener endpoint, EventLoop loop, Check check) {
    this.endpoint = endpoint;
    this.loop = loop;
    this.check = check;
  }

  /**
   * From now on by these settings; what is known so far stays.
   *
   * @param changed null for no checks, so that nothing is known
   */
  void use(@Nullable HealthCheckConfig changed, String path) {
    loop.execute(() -> apply(changed, path));
  }

  void stop() {
    use(null, "");
  }

  /** Another endpoint is checked as this one is; on the event loop. */
  void shareWith(HealthChecker other) {
    other.apply(config, basePath);
  }

  private void apply(@Nullable HealthCheckConfig changed, String path) {
    if (Objects.equals(config, changed) && basePath.equals(path)) {
      return;
    }
    boolean fresh = config == null;
    config = changed;
    basePath = path;
    cancel();
    if (changed == null) {
      verdict = HealthVerdict.NONE;
      endpoint.health(Health.UNKNOWN, "no longer checked", now());
    } else {
      long within = Math.min(FIRST_WITHIN.toNanos(), changed.interval().toNanos());
      schedule(fresh ? (long) (within * random()) : pause(changed));
    }
  }

  private void cancel() {
    if (next != null) {
      next.cancel(false);
      next = null;
    }
    if (running != null) {
      running.run();
      running = null;
    }
  }

  private void schedule(long nanos) {
    next = loop.schedule(this::begin, nanos, TimeUnit.NANOSECONDS);
  }

  private void begin() {
    next = null;
    HealthCheckConfig current = config;
    if (current != null) {
      running = check.start(current, basePath, wrong -> ended(current, wrong));
    }
  }

  private void ended(HealthCheckConfig by, @Nullable String wrong) {
    running = null;
    HealthVerdict before = verdict;
    verdict = before.after(wrong == null, by);
    if (verdict.health() != before.health()) {
      endpoint.health(verdict.health(), wrong == null ? "answers well" : wrong, now());
    }
    schedule(pause(by));
  }

  private long pause(HealthCheckConfig by) {
    return (long) (by.interval().toNanos() * (1 - JITTER + 2 * JITTER * random()));
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  private long now() {
    return loop.ticker().nanoTime();
  }
}
