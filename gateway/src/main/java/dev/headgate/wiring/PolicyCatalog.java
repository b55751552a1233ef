package dev.headgate.wiring;

import dev.headgate.exchange.Background;
import dev.headgate.policy.Policies;
import dev.headgate.policy.accesslog.AccessLogFactory;
import dev.headgate.policy.breaker.BreakerFactory;
import dev.headgate.policy.bulkhead.BulkheadFactory;
import dev.headgate.policy.cache.AnswerCache;
import dev.headgate.policy.cache.CacheFactory;
import dev.headgate.policy.compression.CompressionFactory;
import dev.headgate.policy.cors.CorsFactory;
import dev.headgate.policy.fallback.FallbackFactory;
import dev.headgate.policy.headers.HeadersFactory;
import dev.headgate.policy.hygiene.HygieneFactory;
import dev.headgate.policy.idempotency.IdempotencyFactory;
import dev.headgate.policy.idempotency.KeyStore;
import dev.headgate.policy.metrics.MetricsFactory;
import dev.headgate.policy.requestid.RequestIdFactory;
import dev.headgate.policy.requestlimits.RequestLimitsFactory;
import dev.headgate.policy.retry.RetryFactory;
import dev.headgate.policy.reverse.ReverseRewriteFactory;
import dev.headgate.policy.timeout.DeadlineFactory;
import dev.headgate.policy.timeout.TotalTimeoutFactory;
import dev.headgate.policy.timeout.TryTimeoutFactory;
import dev.headgate.policy.tracing.TracingFactory;
import dev.headgate.policy.version.VersionFactory;
import dev.headgate.telemetry.Decisions;
import dev.headgate.telemetry.Telemetry;
import io.netty.util.concurrent.Ticker;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The one place where a policy is registered. */
public final class PolicyCatalog {
  private PolicyCatalog() {}

  /**
   * All policies, for looking at a config without running it.
   *
   * @param embeddedStore whether idempotency keys would be kept in process
   */
  public static Policies unasked(boolean embeddedStore) {
    return policies(
        Telemetry.NONE, KeyStore.unasked(embeddedStore), AnswerCache.unasked(), Background.UNHEARD);
  }

  /** All policies, what they tell of themselves to, and what they share. */
  public static Policies policies(
      Telemetry telemetry, KeyStore keys, AnswerCache cache, Background background) {
    Decisions decisions = telemetry.decisions();
    return new Policies(
        List.of(
            new RequestIdFactory(),
            new AccessLogFactory(telemetry.log(), InstantSource.system()),
            new MetricsFactory(telemetry.requests()),
            new TracingFactory(telemetry.tracing()),
            new CorsFactory(),
            new RequestLimitsFactory(),
            new VersionFactory(InstantSource.system()),
            new CompressionFactory(),
            new HeadersFactory(),
            new HygieneFactory(),
            new ReverseRewriteFactory(),
            new FallbackFactory(decisions),
            new DeadlineFactory(),
            new IdempotencyFactory(
                keys, new SecureRandom(), background, decisions, telemetry.meters()),
            new CacheFactory(cache, decisions, telemetry.meters(), telemetry::toldOfBackground),
            new TotalTimeoutFactory(),
            new RetryFactory(
                () -> ThreadLocalRandom.current().nextDouble(),
                InstantSource.system(),
                Ticker.systemTicker()::nanoTime,
                decisions),
            new BreakerFactory(Ticker.systemTicker()::nanoTime, decisions),
            new BulkheadFactory(decisions),
            new TryTimeoutFactory()));
  }
}
