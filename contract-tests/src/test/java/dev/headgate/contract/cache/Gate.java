package dev.headgate.contract.cache;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Shut until it is opened; who waits gives up after half a minute. */
final class Gate {
  private final CountDownLatch latch = new CountDownLatch(1);

  void open() {
    latch.countDown();
  }

  /** False where nobody opened it. */
  boolean pass() throws InterruptedException {
    return latch.await(30, TimeUnit.SECONDS);
  }
}
