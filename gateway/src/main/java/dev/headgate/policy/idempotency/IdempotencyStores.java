package dev.headgate.policy.idempotency;

import dev.headgate.redis.Redis;
import dev.headgate.telemetry.StoreMeters;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The two ways to keep keys. */
public final class IdempotencyStores {
  private IdempotencyStores() {}

  /**
   * Keys in this process.
   *
   * @param keys what policies ask
   */
  public record Embedded(KeyStore keys, EmbeddedUse use) {}

  /** What the store in this process takes. */
  public interface EmbeddedUse {
    /** Estimated. */
    long bytes();

    int entries();
  }

  /**
   * @param most bytes
   * @param ticker in nanoseconds
   */
  public static Embedded embedded(long most, LongSupplier ticker, StoreMeters meters) {
    EmbeddedStore store = new EmbeddedStore(most, ticker);
    return new Embedded(new KeyStore(new TimedStore(store, meters, ticker), true), store);
  }

  /**
   * Looks at the text of a file of keys to encrypt with.
   *
   * @throws IllegalArgumentException where it is none, naming the line
   */
  public static void checkKeyFile(String text) {
    SealKeys.parse(text);
  }

  /**
   * Keys in Redis.
   *
   * @param deflate whether what is large is stored smaller
   * @param keyFile the text of the file of keys to encrypt with; not encrypted without one
   * @param random for what encrypting needs
   * @throws IllegalArgumentException where the text is not of keys, naming the line
   */
  public static KeyStore redis(
      Redis redis,
      boolean deflate,
      @Nullable String keyFile,
      SecureRandom random,
      LongSupplier ticker,
      StoreMeters meters) {
    Seal seal = new Seal(deflate, keyFile == null ? null : SealKeys.parse(keyFile), random);
    // Daemons: who waits for them is told by Redis's closing that nothing comes any more.
    ExecutorService workers =
        Executors.newFixedThreadPool(2, new DefaultThreadFactory("headgate-store", true));
    RedisStore store = new RedisStore(redis, seal, StoreScripts.standard(), workers, ticker);
    return new KeyStore(new TimedStore(store, meters, ticker), false);
  }
}
