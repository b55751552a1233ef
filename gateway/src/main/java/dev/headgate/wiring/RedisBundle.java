package dev.headgate.wiring;

import dev.headgate.redis.RedisTls;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** Spring's SSL bundles as connections to Redis use them. */
final class RedisBundle {
  private final SslBundles bundles;

  RedisBundle(SslBundles bundles) {
    this.bundles = bundles;
  }

  /**
   * What a connection is made with, as the bundle is by then.
   *
   * @throws RuntimeException for a name that is not declared, and for material that cannot be read
   */
  Supplier<@Nullable RedisTls> named(@Nullable String name) {
    if (name == null) {
      return () -> null;
    }
    tls(name);
    return () -> tls(name);
  }

  private RedisTls tls(String name) {
    SslBundle bundle = bundles.getBundle(name);
    return new RedisTls(
        bundle.getStores().getKeyStore() == null
            ? null
            : bundle.getManagers().getKeyManagerFactory(),
        bundle.getStores().getTrustStore() == null
            ? null
            : bundle.getManagers().getTrustManagerFactory(),
        list(bundle.getOptions().getEnabledProtocols()),
        list(bundle.getOptions().getCiphers()));
  }

  private static List<String> list(String @Nullable [] values) {
    return values == null ? List.of() : Stream.of(values).toList();
  }
}
