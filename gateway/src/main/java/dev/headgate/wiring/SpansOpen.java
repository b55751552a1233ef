package dev.headgate.wiring;

import dev.headgate.telemetry.trace.SpanSink;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/** Lets spans out from the start to the end of the drain. */
final class SpansOpen implements SmartLifecycle {
  private final SpanSink sink;
  private final List<SpanProcessor> processors;
  private volatile boolean running;

  SpansOpen(SpanSink sink, List<SpanProcessor> processors) {
    this.sink = sink;
    this.processors = processors;
  }

  /** Before the ports open, and after they have closed. */
  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public void start() {
    sink.to(processors);
    running = true;
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
