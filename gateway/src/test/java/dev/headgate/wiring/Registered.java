package dev.headgate.wiring;

import dev.headgate.policy.Policies;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The policies that the gateway registers, without the gateway. */
final class Registered {
  private Registered() {}

  static Policies policies() {
    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      context.registerBean(HeadgateProperties.class, Registered::properties);
      context.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
      context.register(ChainConfiguration.class);
      context.refresh();
      return context.getBean(Policies.class);
    }
  }

  private static HeadgateProperties properties() {
    Map<String, String> settings = Map.of("headgate.access-log.enabled", "false");
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("headgate", HeadgateProperties.class);
  }
}
