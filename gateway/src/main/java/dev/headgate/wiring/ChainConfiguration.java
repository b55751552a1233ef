package dev.headgate.wiring;

import dev.headgate.policy.Policies;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.accesslog.AccessLogging;
import dev.headgate.policy.headers.Headers;
import dev.headgate.policy.requestid.RequestId;
import dev.headgate.policy.retry.Retry;
import dev.headgate.policy.timeout.Timeouts;
import dev.headgate.telemetry.AccessLog;
import dev.headgate.telemetry.AsyncAccessLog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The policies. A new one is registered here, by one bean. */
@Configuration(proxyBeanMethods = false)
class ChainConfiguration {

  @Bean
  PolicyFactory requestId() {
    return RequestId.factory();
  }

  @Bean
  PolicyFactory accessLogging(AccessLog log) {
    return AccessLogging.factory(log, InstantSource.system());
  }

  @Bean
  PolicyFactory headers() {
    return Headers.factory();
  }

  @Bean
  PolicyFactory totalTimeout() {
    return Timeouts.total();
  }

  @Bean
  PolicyFactory retry() {
    return Retry.factory(() -> ThreadLocalRandom.current().nextDouble());
  }

  @Bean
  PolicyFactory tryTimeout() {
    return Timeouts.perTry();
  }

  @Bean
  Policies policies(List<PolicyFactory> factories) {
    return new Policies(factories);
  }

  @Bean
  AccessLog accessLog(HeadgateProperties properties, MeterRegistry meters) throws IOException {
    HeadgateProperties.AccessLog settings = properties.accessLog();
    if (!settings.enabled()) {
      return AccessLog.NONE;
    }
    AsyncAccessLog log = new AsyncAccessLog(settings.queue(), output(settings.file()));
    FunctionCounter.builder("headgate.access.log.dropped", log, AsyncAccessLog::dropped)
        .description("Access-log lines lost to a full queue or a failing output")
        .register(meters);
    return log;
  }

  // Not System.out: its lock and its character encoding would be paid for every line.
  private static OutputStream output(String file) throws IOException {
    return file.isEmpty()
        ? new FileOutputStream(FileDescriptor.out)
        : new FileOutputStream(file, true);
  }
}
