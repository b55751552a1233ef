package dev.headgate.wiring;

import dev.headgate.policy.idempotency.KeyStore;
import dev.headgate.redis.Redis;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

/** Where idempotency keys are kept. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {
  @Bean(destroyMethod = "close")
  OpenStore openStore(
      HeadgateProperties properties,
      ReactorResourceFactory resources,
      SslBundles bundles,
      MeterRegistry meters) {
    return OpenStore.open(properties.store(), loops(resources), new RedisBundle(bundles), meters);
  }

  private static @Nullable EventLoopGroup loops(ReactorResourceFactory resources) {
    LoopResources loops = resources.getLoopResources();
    EventLoopGroup group = loops.onClient(true);
    return Redis.canLiveOn(loops.onChannelClass(SocketChannel.class, group)) ? group : null;
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
