package dev.headgate.wiring;

import dev.headgate.edge.Drain;
import dev.headgate.policy.Policies;
import dev.headgate.policy.cache.AnswerCache;
import dev.headgate.policy.idempotency.KeyAdmin;
import dev.headgate.policy.idempotency.KeyStore;
import dev.headgate.telemetry.AccessLog;
import dev.headgate.telemetry.AsyncAccessLog;
import dev.headgate.telemetry.Decisions;
import dev.headgate.telemetry.ExemplarSource;
import dev.headgate.telemetry.Meters;
import dev.headgate.telemetry.RequestMeters;
import dev.headgate.telemetry.Telemetry;
import dev.headgate.telemetry.trace.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The policies and what they write to. */
@Configuration(proxyBeanMethods = false)
class ChainConfiguration {

  @Bean
  Policies policies(
      AccessLog log,
      Decisions decisions,
      RequestMeters requests,
      MeterRegistry meters,
      ObjectProvider<Tracing> tracing,
      KeyStore keys,
      AnswerCache cache,
      Drain drain) {
    return PolicyCatalog.policies(
        new Telemetry(log, decisions, requests, meters, tracing.getIfAvailable()),
        keys,
        cache,
        drain);
  }

  @Bean
  KeyAdmin keyAdmin(KeyStore keys) {
    return new KeyAdmin(keys);
  }

  @Bean
  IdempotencyEndpoint idempotencyEndpoint(KeyAdmin keys) {
    return new IdempotencyEndpoint(keys);
  }

  @Bean
  RequestMeters requestMeters(MeterRegistry meters, ExemplarSource exemplars) {
    return new RequestMeters(meters, exemplars);
  }

  @Bean
  Decisions decisions(MeterRegistry meters) {
    return new Decisions(meters);
  }

  @Bean
  AccessLog accessLog(HeadgateProperties properties, MeterRegistry meters) throws IOException {
    HeadgateProperties.AccessLog settings = properties.accessLog();
    if (!settings.enabled()) {
      return AccessLog.NONE;
    }
    AsyncAccessLog log = new AsyncAccessLog(settings.queue(), output(settings.file()));
    Meters.ACCESS_LOG_DROPPED.counter(meters, log, AsyncAccessLog::dropped);
    return log;
  }

  // Not System.out: its lock and its character encoding would be paid for every line.
  private static OutputStream output(String file) throws IOException {
    return file.isEmpty()
        ? new FileOutputStream(FileDescriptor.out)
        : new FileOutputStream(file, true);
  }
}
