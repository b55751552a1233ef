package dev.headgate.wiring;

import dev.headgate.policy.cache.AnswerCache;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where routes' answers are kept. */
@Configuration(proxyBeanMethods = false)
class CacheConfiguration {
  @Bean
  AnswerCache answerCache(HeadgateProperties properties) {
    return new AnswerCache(properties.cache().maxBytes(), InstantSource.system());
  }

  @Bean
  CacheEndpoint cacheEndpoint(AnswerCache cache) {
    return new CacheEndpoint(cache);
  }
}
