package dev.headgate.wiring;

import dev.headgate.policy.idempotency.KeyStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where idempotency keys are kept. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {
  @Bean(destroyMethod = "close")
  OpenStore openStore(HeadgateProperties properties, SslBundles bundles, MeterRegistry meters) {
    return OpenStore.open(properties.store(), new RedisBundle(bundles), meters);
  }

  @Bean
  KeyStore keyStore(OpenStore store) {
    return store.keys();
  }

  @Bean
  HealthIndicator storeHealthIndicator(OpenStore store) {
    return store.health();
  }

  @Bean
  MeterBinder storeMeters(OpenStore store) {
    return store::count;
  }
}
