package dev.headgate.wiring;

import dev.headgate.redis.RedisSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where idempotency keys are kept, {@code headgate.store.*}.
 *
 * @param redis for all nodes that share it; used where it has a {@code uri}
 * @param embedded in this process, where it has not
 * @param compression of answers beyond 1 KiB that go to Redis: {@code none} or {@code deflate}
 * @param encryption of what goes to Redis
 * @param readiness whether the gateway is not ready while the store cannot be asked; no
 */
public record StoreProperties(
    @DefaultValue Redis redis,
    @DefaultValue Embedded embedded,
    @DefaultValue("none") Compression compression,
    @DefaultValue Encryption encryption,
    @DefaultValue("false") boolean readiness) {

  public StoreProperties {
    if (redis.uri().isEmpty() && compression != Compression.NONE) {
      throw refused("compression", compression, "headgate.store.redis.uri as well");
    }
    if (redis.uri().isEmpty() && encryption.keyFile() != null) {
      throw refused(
          "encryption.key-file", encryption.keyFile(), "headgate.store.redis.uri as well");
    }
  }

  /** How answers are made smaller. */
  public enum Compression {
    NONE,
    DEFLATE
  }

  /**
   * Redis.
   *
   * @param uri {@code redis://}, {@code rediss://} (TLS), {@code redis-sentinel://} or {@code
   *     rediss-sentinel://}, with user and password; several of the first two, separated by commas,
   *     for a Cluster
   * @param timeout how long a call may take; 500 ms
   * @param minReplicas how many replicas must have a claim before it counts; 0
   * @param sslBundle of {@code spring.ssl.bundle}, for TLS; the JDK's authorities unless given
   */
  public record Redis(
      @DefaultValue("") String uri,
      @DefaultValue("500ms") Duration timeout,
      @DefaultValue("0") int minReplicas,
      @Nullable String sslBundle) {

    public Redis {
      uri = uri.strip();
      if (timeout.isNegative() || timeout.isZero()) {
        throw refused("redis.timeout", timeout, "more than nothing");
      }
      if (minReplicas < 0) {
        throw refused("redis.min-replicas", minReplicas, "0 or more");
      }
      if (!uri.isEmpty()) {
        try {
          new RedisSettings(uri, timeout, minReplicas, () -> null);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("headgate.store.redis.uri: " + e.getMessage(), e);
        }
      }
      if (sslBundle != null && !uri.startsWith("rediss")) {
        throw refused("redis.ssl-bundle", sslBundle, "a uri with rediss:// or rediss-sentinel://");
      }
    }
  }

  /**
   * The store in this process.
   *
   * @param maxSize bytes, with the unit; 64 MiB
   */
  public record Embedded(@DefaultValue("64MiB") String maxSize) {
    private static final String KEY = "headgate.store.embedded.max-size";

    public Embedded {
      Sizes.bytes(KEY, maxSize);
    }

    long maxBytes() {
      return Sizes.bytes(KEY, maxSize);
    }
  }

  /**
   * Encryption.
   *
   * @param keyFile lines of {@code id:base64} of 16 or 32 bytes: the first encrypts, all decrypt
   */
  public record Encryption(@Nullable Path keyFile) {}

  private static IllegalArgumentException refused(String key, Object value, String expected) {
    return new IllegalArgumentException(
        "headgate.store.%s: %s (expected: %s)".formatted(key, value, expected));
  }
}
