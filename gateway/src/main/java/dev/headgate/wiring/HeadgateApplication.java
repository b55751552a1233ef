package dev.headgate.wiring;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The gateway's process: everything there is, named one by one. */
@SpringBootConfiguration(proxyBeanMethods = false)
// Spring's own spans: they would be made for the admin port, and beside ours for stock routes.
@EnableAutoConfiguration(exclude = MicrometerTracingAutoConfiguration.class)
@EnableConfigurationProperties(HeadgateProperties.class)
@Import({
  TracingConfiguration.class,
  ChainConfiguration.class,
  StoreConfiguration.class,
  CacheConfiguration.class,
  ReloadConfiguration.class,
  EdgeConfiguration.class,
  AdminConfiguration.class
})
public class HeadgateApplication {}
