package dev.headgate.policy.idempotency;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class EmbeddedStoreTest extends StoreContract {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final EmbeddedStore store = new EmbeddedStore(64 << 20, now::get);

  @Override
  IdempotencyStore store() {
    return store;
  }

  @Override
  void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
