package dev.headgate.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/**
 * The log while a test runs. Leaked buffers and errors that only an event loop saw are told there
 * and nowhere else, so a test that wants to know of them has to read it.
 */
public final class Logs implements AutoCloseable {
  private static final String LEAK = "LEAK:";

  private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
  private final Capture capture = new Capture();
  private final Logger root;

  private Logs() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    capture.setContext(context);
    capture.start();
    root.addAppender(capture);
  }

  /** Begins to listen, from {@code WARN} up. */
  public static Logs capture() {
    return new Logs();
  }

  /** What was logged, with its stack traces. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Those of Netty that tell of a buffer nobody released, as far as the collector knows by now. */
  public List<String> leaks() {
    collectGarbage();
    // Whoever takes a tracked buffer reports those found dead.
    PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
    return warnings.stream().filter(line -> line.contains(LEAK)).toList();
  }

  // The collector is done with what was garbage before when it has found one more piece of it.
  @SuppressWarnings("UnusedVariable")
  private static void collectGarbage() {
    WeakReference<Object> marker = new WeakReference<>(new Object());
    for (int i = 0; i < 10 && marker.get() != null; i++) {
      System.gc();
    }
  }

  @Override
  public void close() {
    root.detachAppender(capture);
    capture.stop();
  }

  private final class Capture extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
        String trace =
            event.getThrowableProxy() == null
                ? ""
                : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
        warnings.add(event.getLoggerName() + ": " + event.getFormattedMessage() + trace);
      }
    }
  }
}
