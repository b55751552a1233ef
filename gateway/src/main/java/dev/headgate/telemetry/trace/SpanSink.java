package dev.headgate.telemetry.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Hands spans on to be sent, never more at once than may wait, and knows what became of them. The
 * batching processor drops what it cannot hold without a word, so the count is kept here: a span
 * waits from {@link #accept} until its batch is taken, in {@link #counting}.
 */
public final class SpanSink {
  private final int capacity;
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder exported = new LongAdder();
  private final LongAdder overflowed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private volatile List<SpanProcessor> processors = List.of();

  /**
   * @param capacity spans that may wait, 1 or more
   */
  public SpanSink(int capacity) {
    this.capacity = capacity;
  }

  /** Where spans go from here on; nowhere before, and then none is made. */
  public void to(List<SpanProcessor> all) {
    processors = List.copyOf(all);
  }

  boolean open() {
    return !processors.isEmpty();
  }

  /** Takes the spans of an exchange, or counts those it has no room for. Waits for nobody. */
  void accept(List<FinishedSpan> spans) {
    for (FinishedSpan span : spans) {
      if (waiting.incrementAndGet() > capacity) {
        waiting.decrementAndGet();
        overflowed.increment();
      } else {
        processors.forEach(processor -> processor.onEnd(span));
      }
    }
  }

  /** Spans that were sent and taken. */
  public long exported() {
    return exported.sum();
  }

  /** Spans lost since more waited than may. */
  public long overflowed() {
    return overflowed.sum();
  }

  /** Spans lost since they could not be sent. */
  public long failed() {
    return failed.sum();
  }

  /** The exporter that the batching processor is to have, around the one that sends. */
  public SpanExporter counting(SpanExporter sends) {
    return new Counting(sends);
  }

  private final class Counting implements SpanExporter {
    private final SpanExporter sends;

    Counting(SpanExporter sends) {
      this.sends = sends;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> batch) {
      int ours = (int) batch.stream().filter(FinishedSpan.class::isInstance).count();
      waiting.addAndGet(-ours);
      CompletableResultCode sent = sends.export(batch);
      sent.whenComplete(() -> (sent.isSuccess() ? exported : failed).add(ours));
      return sent;
    }

    @Override
    public CompletableResultCode flush() {
      return sends.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return sends.shutdown();
    }
  }
}
