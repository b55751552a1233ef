package dev.headgate.contract.harness;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** What holds within ten seconds. */
public final class Eventually {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Eventually() {}

  public static <T> T get(String what, Callable<Optional<T>> source) {
    return Awaitility.await(what)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(source, Optional::isPresent)
        .orElseThrow();
  }

  public static void holds(ThrowingRunnable assertion) {
    Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion);
  }
}
