package dev.headgate.wiring;

import dev.headgate.edge.Drain;
import dev.headgate.edge.Gate;
import dev.headgate.edge.Overload;
import dev.headgate.policy.Policies;
import dev.headgate.reload.ActiveRoutes;
import dev.headgate.reload.ReloadStatus;
import dev.headgate.telemetry.Meters;
import dev.headgate.upstream.UpstreamRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.http.client.ReactorResourceFactory;

/** What the admin port tells: health and metrics; and how the process ends. */
@Configuration(proxyBeanMethods = false)
class AdminConfiguration {
  private static final Duration AFTER_DRAIN = Duration.ofSeconds(15);

  /** In the readiness group: up when there is a table, whatever became of later attempts. */
  @Bean
  HealthIndicator routesHealthIndicator(ActiveRoutes routes) {
    return () -> {
      ReloadStatus status = routes.status();
      Health.Builder health = status.version() > 0 ? Health.up() : Health.down();
      health
          .withDetail("version", status.version())
          .withDetail("routes", status.routes())
          .withDetail("lastReload", status.lastAccepted() ? "accepted" : "refused");
      if (status.origin() != null) {
        health.withDetail("origin", status.origin().name().toLowerCase(java.util.Locale.ROOT));
      }
      List<String> problems = status.problems().stream().limit(100).map(Object::toString).toList();
      if (!problems.isEmpty()) {
        health.withDetail("problems", problems);
      }
      return health.build();
    };
  }

  /** Always up: versions that will go are news for people, not for probes. */
  @Bean
  HealthIndicator versionsHealthIndicator(ActiveRoutes routes) {
    return new VersionsHealth(routes, InstantSource.system());
  }

  @Bean
  MeterBinder configMeters(ActiveRoutes routes) {
    return registry -> {
      Meters.CONFIG_VERSION.gauge(registry, routes, r -> r.status().version());
      Meters.CONFIG_ROUTES.gauge(registry, routes, r -> r.status().routes());
      Meters.CONFIG_RELOAD_SUCCESSFUL.gauge(
          registry, routes, r -> r.status().lastAccepted() ? 1 : 0);
      Meters.CONFIG_AGE.gauge(registry, routes, r -> age(r.status()));
      Meters.CONFIG_RELOADS.counter(registry, routes, r -> r.status().accepted(), "accepted");
      Meters.CONFIG_RELOADS.counter(registry, routes, r -> r.status().refused(), "refused");
    };
  }

  private static double age(ReloadStatus status) {
    Instant since = status.activeSince();
    return since == null ? 0 : Duration.between(since, Instant.now()).toMillis() / 1_000.0;
  }

  @Bean
  MeterBinder edgeMeters(Drain drain, Gate gate, Overload overload) {
    return new EdgeMeters(drain, gate, overload);
  }

  @Bean
  MeterBinder upstreamMeters(ActiveRoutes routes, UpstreamRegistry upstreams, Policies policies) {
    return new UpstreamMeters(routes, upstreams, policies);
  }

  @Bean
  EventLoopLag eventLoopLag(ReactorResourceFactory resources, MeterRegistry registry) {
    return new EventLoopLag(resources, registry);
  }

  @Bean
  Announcement announcement(Listeners listeners) {
    return new Announcement(listeners);
  }

  @Bean
  DrainLifecycle drainLifecycle(
      ApplicationContext context, Drain drain, Listeners listeners, HeadgateProperties properties) {
    return new DrainLifecycle(context, drain, listeners, properties.shutdown());
  }

  /** Spring gives each phase of the shutdown so long; the drain is one of them. */
  @Bean
  DefaultLifecycleProcessor lifecycleProcessor(HeadgateProperties properties) {
    DefaultLifecycleProcessor processor = new DefaultLifecycleProcessor();
    HeadgateProperties.Shutdown shutdown = properties.shutdown();
    processor.setTimeoutPerShutdownPhase(
        shutdown.delay().plus(shutdown.timeout()).plus(AFTER_DRAIN).toMillis());
    return processor;
  }
}
