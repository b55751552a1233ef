package dev.headgate.reload;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** For file systems without events: only the poll notices changes. */
final class NoEvents implements ChangeSignal {
  private final CountDownLatch closed = new CountDownLatch(1);

  @Override
  public void refresh() {}

  @Override
  public boolean await(Duration limit) throws InterruptedException {
    if (closed.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException("closed");
    }
    return false;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
