package dev.headgate.wiring;

import dev.headgate.policy.Policies;
import dev.headgate.telemetry.AccessLog;
import dev.headgate.telemetry.AsyncAccessLog;
import dev.headgate.telemetry.Decisions;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The policies and what they write to. */
@Configuration(proxyBeanMethods = false)
class ChainConfiguration {

  @Bean
  Policies policies(AccessLog log, Decisions decisions) {
    return PolicyCatalog.policies(log, decisions);
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
