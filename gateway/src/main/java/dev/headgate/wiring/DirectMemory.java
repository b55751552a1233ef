package dev.headgate.wiring;

import dev.headgate.edge.Overload;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Looks at Netty's direct memory, several times a second, and tells the overload guard. */
final class DirectMemory implements SmartLifecycle {
  private static final long PERIOD_MILLIS = 100;

  private final Overload overload;
  private volatile @Nullable ScheduledExecutorService timer;

  DirectMemory(Overload overload) {
    this.overload = overload;
  }

  /**
   * Bytes of buffers in use. A pool's free chunks do not count where they can be told apart: they
   * would look like an overload long after it was over.
   */
  static long used() {
    ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
    if (allocator instanceof PooledByteBufAllocator pooled) {
      return pooled.pinnedDirectMemory();
    }
    return allocator instanceof ByteBufAllocatorMetricProvider told
        ? told.metric().usedDirectMemory()
        : 0;
  }

  /** Bytes that Netty may have: {@code -XX:MaxDirectMemorySize}, else as much as the heap. */
  static long max() {
    return PlatformDependent.maxDirectMemory();
  }

  @Override
  public void start() {
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "headgate-memory");
              thread.setDaemon(true);
              return thread;
            });
    started.scheduleWithFixedDelay(
        () -> overload.memory(used(), max()), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    timer = started;
  }

  @Override
  public void stop() {
    ScheduledExecutorService running = timer;
    timer = null;
    if (running != null) {
      running.shutdownNow();
    }
  }

  @Override
  public boolean isRunning() {
    return timer != null;
  }
}
