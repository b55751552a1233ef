package dev.headgate.edge;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits for something that grows to stop growing. */
final class Stalls {
  private static final int SAME = 15;
  private static final Duration BETWEEN = Duration.ofMillis(20);

  private Stalls() {}

  /** The value once it has not changed for 300 ms. */
  static long awaitStandstill(Callable<? extends Number> value) {
    long[] last = {-1, 0};
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollDelay(BETWEEN)
        .pollInterval(BETWEEN)
        .until(
            () -> {
              long now = value.call().longValue();
              last[1] = now == last[0] ? last[1] + 1 : 0;
              last[0] = now;
              return last[1] >= SAME && now > 0;
            });
    return last[0];
  }
}
