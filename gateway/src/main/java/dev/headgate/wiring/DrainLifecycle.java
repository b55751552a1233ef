package dev.headgate.wiring;

import dev.headgate.edge.Drain;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Goes down in order: readiness first, then, after a delay, the listener, then what is in flight,
 * and only then Boot's own shutdown, which would cut exchanges it does not know.
 */
final class DrainLifecycle implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(DrainLifecycle.class);

  private final ApplicationContext context;
  private final Drain drain;
  private final Listeners listeners;
  private final HeadgateProperties.Shutdown settings;
  private volatile boolean running;

  DrainLifecycle(
      ApplicationContext context,
      Drain drain,
      Listeners listeners,
      HeadgateProperties.Shutdown settings) {
    this.context = context;
    this.drain = drain;
    this.listeners = listeners;
    this.settings = settings;
  }

  /** Last to start, so first to stop: ahead of the web server's own graceful shutdown. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public void stop() {
    running = false;
    LOG.info("shutting down: not ready, listeners close in {}", settings.delay());
    AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
    drain.begin();
    pause(settings.delay());
    listeners.close();
    drain.closeIdle();
    try {
      if (drain.awaitIdle(settings.timeout())) {
        LOG.info("shutting down: nothing is in flight");
      } else {
        LOG.warn(
            "shutting down: {} requests are cut off after {}",
            drain.inFlight(),
            settings.timeout());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause(Duration delay) {
    long end = System.nanoTime() + delay.toNanos();
    long left;
    while ((left = end - System.nanoTime()) > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(left);
    }
  }
}
