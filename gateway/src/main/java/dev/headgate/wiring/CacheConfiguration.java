package dev.headgate.wiring;

import dev.headgate.policy.cache.AnswerCache;
import dev.headgate.redis.Redis;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where routes' answers are kept. */
@Configuration(proxyBeanMethods = false)
class CacheConfiguration {
  @Bean
  AnswerCache answerCache(HeadgateProperties properties, OpenStore store) {
    AnswerCache cache = new AnswerCache(properties.cache().maxBytes(), InstantSource.system());
    if (properties.cache().redis()) {
      Redis redis = store.redis();
      if (redis == null) {
        throw new IllegalArgumentException(
            "headgate.cache.redis: true (expected: headgate.store.redis.uri as well)");
      }
      cache.shareThrough(
          redis,
          // Daemons: nobody waits for what they do.
          Executors.newFixedThreadPool(2, new DefaultThreadFactory("headgate-cache", true)),
          UUID.randomUUID().toString());
    }
    return cache;
  }

  @Bean
  CacheEndpoint cacheEndpoint(AnswerCache cache) {
    return new CacheEndpoint(cache);
  }
}
