package dev.headgate.wiring;

import dev.headgate.policy.idempotency.IdempotencyStores;
import dev.headgate.policy.idempotency.KeyStore;
import dev.headgate.redis.Redis;
import dev.headgate.redis.RedisSettings;
import dev.headgate.telemetry.Meters;
import dev.headgate.telemetry.StoreMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The store that the settings ask for, and how it is looked at. */
interface OpenStore extends AutoCloseable {
  KeyStore keys();

  /** What other things that nodes share can go through; null where there is none. */
  @Nullable Redis redis();

  HealthIndicator health();

  void count(MeterRegistry registry);

  @Override
  void close();

  /**
   * @param loops for connections to Redis; null for threads of their own
   * @throws IllegalArgumentException where the settings name what is not there
   */
  static OpenStore open(
      StoreProperties settings,
      @Nullable EventLoopGroup loops,
      RedisBundle tls,
      MeterRegistry registry) {
    return settings.redis().uri().isEmpty()
        ? new Embedded(settings, registry)
        : new Shared(settings, loops, tls, registry);
  }

  /** In this process. */
  final class Embedded implements OpenStore {
    private static final String KIND = "embedded";

    private final IdempotencyStores.Embedded store;

    private Embedded(StoreProperties settings, MeterRegistry registry) {
      this.store =
          IdempotencyStores.embedded(
              settings.embedded().maxBytes(), ticker(), new StoreMeters(registry, KIND));
    }

    @Override
    public KeyStore keys() {
      return store.keys();
    }

    @Override
    public @Nullable Redis redis() {
      return null;
    }

    @Override
    public HealthIndicator health() {
      return () -> Health.up().withDetail("kind", KIND).withDetail("state", "up").build();
    }

    @Override
    public void count(MeterRegistry registry) {
      Meters.STORE_UP.gauge(registry, store, any -> 1, KIND);
      Meters.STORE_BYTES.gauge(registry, store, any -> any.use().bytes());
      Meters.STORE_ENTRIES.gauge(registry, store, any -> any.use().entries());
    }

    @Override
    public void close() {
      // It goes with the process.
    }
  }

  /** In Redis, for all nodes that share it. */
  final class Shared implements OpenStore {
    private static final String KIND = "redis";

    private final Redis redis;
    private final KeyStore keys;
    private final boolean needed;

    private Shared(
        StoreProperties settings,
        @Nullable EventLoopGroup loops,
        RedisBundle tls,
        MeterRegistry registry) {
      this.needed = settings.readiness();
      String keyFile = keyFile(settings.encryption().keyFile());
      this.redis =
          new Redis(
              new RedisSettings(
                  settings.redis().uri(),
                  settings.redis().timeout(),
                  settings.redis().minReplicas(),
                  tls.named(settings.redis().sslBundle())),
              loops,
              InstantSource.system(),
              ticker(),
              () -> ThreadLocalRandom.current().nextDouble());
      this.keys =
          IdempotencyStores.redis(
              redis,
              settings.compression() == StoreProperties.Compression.DEFLATE,
              keyFile,
              new SecureRandom(),
              ticker(),
              new StoreMeters(registry, KIND));
      redis.start();
    }

    private static @Nullable String keyFile(@Nullable Path file) {
      if (file == null) {
        return null;
      }
      try {
        String text = Files.readString(file);
        IdempotencyStores.checkKeyFile(text);
        return text;
      } catch (IOException | IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "headgate.store.encryption.key-file: %s: %s".formatted(file, e.getMessage()), e);
      }
    }

    @Override
    public KeyStore keys() {
      return keys;
    }

    @Override
    public Redis redis() {
      return redis;
    }

    @Override
    public HealthIndicator health() {
      return new StoreHealth(redis::status, needed);
    }

    @Override
    public void count(MeterRegistry registry) {
      Meters.STORE_UP.gauge(registry, redis, any -> any.status().up() ? 1 : 0, KIND);
    }

    @Override
    public void close() {
      redis.close();
    }
  }

  private static LongSupplier ticker() {
    return Ticker.systemTicker()::nanoTime;
  }
}
