package dev.headgate.policy.idempotency;

import dev.headgate.redis.Redis;
import dev.headgate.redis.RedisSettings;
import dev.headgate.testing.RedisProcess;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** Stores in a Redis of a test's. */
final class RedisStores implements AutoCloseable {
  final Redis redis;
  final RedisStore store;

  RedisStores(String uri) {
    this(new RedisSettings(uri, Duration.ofSeconds(5), 0, () -> null));
  }

  RedisStores(RedisSettings settings) {
    this(settings, new Seal(false, null, new SecureRandom()), StoreScripts.standard());
  }

  RedisStores(RedisSettings settings, Seal seal, StoreScripts scripts) {
    this(settings, seal, scripts, Runnable::run);
  }

  RedisStores(RedisSettings settings, Seal seal, StoreScripts scripts, Executor workers) {
    this.redis = new Redis(settings, null, InstantSource.system(), System::nanoTime, () -> 0.5);
    this.store = new RedisStore(redis, seal, scripts, workers, System::nanoTime);
    redis.start();
  }

  /** What makes a server's keys so much older. */
  static void age(RedisProcess server, Duration time) {
    server.say(
        "EVAL",
        """
        for _, key in ipairs(redis.call('KEYS', '*')) do
          local ttl = redis.call('PTTL', key) - ARGV[1]
          if ttl <= 0 then
            redis.call('DEL', key)
          else
            redis.call('PEXPIRE', key, ttl)
            if redis.call('TYPE', key).ok == 'string' and redis.call('STRLEN', key) > 32 then
              local ends = tonumber(redis.call('GETRANGE', key, 18, 31))
              redis.call('SETRANGE', key, 18, string.format('%014.0f', math.max(0, ends - ARGV[1])))
            end
          end
        end
        return 'OK'
        """,
        "0",
        Long.toString(time.toMillis()));
  }

  @Override
  public void close() {
    redis.close();
  }
}
