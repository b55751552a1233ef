package dev.headgate.wiring;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/** The gateway's process: everything there is, named one by one. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(HeadgateProperties.class)
@Import({
  ChainConfiguration.class,
  ReloadConfiguration.class,
  EdgeConfiguration.class,
  AdminConfiguration.class
})
public class HeadgateApplication {}
