package dev.headgate.telemetry;

import dev.headgate.telemetry.trace.ExchangeTrace;
import io.micrometer.registry.otlp.ExemplarContextProvider;
import io.micrometer.registry.otlp.OtlpExemplarContext;
import io.netty.util.concurrent.FastThreadLocal;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;

/**
 * Tells the meters which trace the value belongs to that is being recorded: one whose spans are
 * sent, so that who follows an exemplar finds it.
 */
public final class ExemplarSource implements SpanContext, ExemplarContextProvider {
  private final FastThreadLocal<@Nullable ExchangeTrace> current = new FastThreadLocal<>();

  /** Records something, as part of an exchange whose spans are sent. */
  void during(ExchangeTrace trace, Runnable recording) {
    current.set(trace);
    try {
      recording.run();
    } finally {
      current.remove();
    }
  }

  @Override
  public @Nullable String getCurrentTraceId() {
    ExchangeTrace trace = current.get();
    return trace == null ? null : trace.traceId();
  }

  @Override
  public @Nullable String getCurrentSpanId() {
    ExchangeTrace trace = current.get();
    return trace == null ? null : trace.spanIdText();
  }

  @Override
  public boolean isCurrentSpanSampled() {
    return current.get() != null;
  }

  @Override
  public void markCurrentSpanAsExemplar() {}

  @Override
  public @Nullable OtlpExemplarContext getExemplarContext() {
    ExchangeTrace trace = current.get();
    return trace == null ? null : new OtlpExemplarContext(trace.traceId(), trace.spanIdText());
  }
}
