package dev.headgate.policy.idempotency;

import dev.headgate.testing.RedisProcess;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisStoreIT extends StoreContract {
  private static RedisProcess server;
  private static RedisStores stores;

  @BeforeAll
  static void start() throws IOException {
    server = RedisProcess.start();
    stores = new RedisStores(server.uri());
  }

  @AfterAll
  static void stop() {
    stores.close();
    server.close();
  }

  @Override
  IdempotencyStore store() {
    return stores.store;
  }

  @Override
  void pass(Duration time) {
    RedisStores.age(server, time);
  }
}
