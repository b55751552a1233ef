package dev.headgate.wiring;

import dev.headgate.telemetry.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * How late event loops run what is due: what blocks one, or keeps it busy, is seen by every request
 * on it.
 */
final class EventLoopLag implements SmartLifecycle {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final ReactorResourceFactory resources;
  private final Timer lag;
  private volatile boolean running;

  EventLoopLag(ReactorResourceFactory resources, MeterRegistry registry) {
    this.resources = resources;
    this.lag = Meters.EVENT_LOOP_LAG.timer(registry);
  }

  @Override
  public void start() {
    running = true;
    // Clients' and services' connections share these loops.
    for (EventExecutor loop : resources.getLoopResources().onServer(true)) {
      look(loop);
    }
  }

  private void look(EventExecutor loop) {
    if (!running || loop.isShuttingDown()) {
      return;
    }
    long due = System.nanoTime() + PERIOD_NANOS;
    loop.schedule(
        () -> {
          lag.record(Math.max(0, System.nanoTime() - due), TimeUnit.NANOSECONDS);
          look(loop);
        },
        PERIOD_NANOS,
        TimeUnit.NANOSECONDS);
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
