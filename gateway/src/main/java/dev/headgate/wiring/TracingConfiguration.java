package dev.headgate.wiring;

import dev.headgate.telemetry.ExemplarSource;
import dev.headgate.telemetry.Meters;
import dev.headgate.telemetry.trace.Propagation;
import dev.headgate.telemetry.trace.SpanSink;
import dev.headgate.telemetry.trace.Tracing;
import dev.headgate.telemetry.trace.TracingSettings;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.micrometer.tracing.exporter.SpanFilter;
import io.micrometer.tracing.exporter.SpanReporter;
import io.micrometer.tracing.otel.bridge.CompositeSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.micrometer.tracing.autoconfigure.TracingProperties.Propagation.PropagationType;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingProperties;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanExporters;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanProcessors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Traces. Sampling, exporters and what customizes them are Spring Boot's, by way of Micrometer
 * Tracing's bridge to OpenTelemetry; the spans are our own, see {@link Tracing}.
 */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {
  private static final String ENABLED = "management.tracing.export.enabled";

  @Bean
  ExemplarSource exemplarSource() {
    return new ExemplarSource();
  }

  @Bean
  SpanSink spanSink(OpenTelemetryTracingProperties boot) {
    return new SpanSink(boot.getExport().getMaxQueueSize());
  }

  /** Boot's own, but for the counting. */
  @Bean
  BatchSpanProcessor otelSpanProcessor(
      SpanSink sink,
      SpanExporters exporters,
      ObjectProvider<SpanExportingPredicate> predicates,
      ObjectProvider<SpanReporter> reporters,
      ObjectProvider<SpanFilter> filters,
      OpenTelemetryTracingProperties boot) {
    OpenTelemetryTracingProperties.Export export = boot.getExport();
    return BatchSpanProcessor.builder(
            sink.counting(
                exporter(
                    exporters.list(),
                    predicates.orderedStream().toList(),
                    reporters.orderedStream().toList(),
                    filters.orderedStream().toList())))
        .setExporterTimeout(export.getTimeout())
        .setScheduleDelay(export.getScheduleDelay())
        .setMaxQueueSize(export.getMaxQueueSize())
        .setMaxExportBatchSize(export.getMaxBatchSize())
        .build();
  }

  // Micrometer's makes each span's attributes anew, and sorts them, each time that it is asked for
  // them: only where somebody is to see spans in its form.
  private static SpanExporter exporter(
      List<SpanExporter> exporters,
      List<SpanExportingPredicate> predicates,
      List<SpanReporter> reporters,
      List<SpanFilter> filters) {
    return predicates.isEmpty() && reporters.isEmpty() && filters.isEmpty()
        ? SpanExporter.composite(exporters)
        : new CompositeSpanExporter(exporters, predicates, reporters, filters);
  }

  @Bean
  @ConditionalOnBooleanProperty(name = ENABLED, matchIfMissing = true)
  Tracing tracing(
      HeadgateProperties properties,
      org.springframework.boot.micrometer.tracing.autoconfigure.TracingProperties boot,
      Sampler sampler,
      SpanSink sink,
      SpanExporters exporters,
      SpanProcessors processors,
      ObjectProvider<SpanReporter> reporters,
      Resource resource) {
    // Boot has a processor even where nobody takes what it gives.
    if (!exporters.list().isEmpty() || reporters.stream().findAny().isPresent()) {
      sink.to(processors.list());
    }
    return new Tracing(
        settings(properties.tracing(), boot.getPropagation()),
        sampler,
        sink,
        resource,
        () -> ThreadLocalRandom.current().nextLong(),
        InstantSource.system());
  }

  private static TracingSettings settings(
      TracingProperties ours,
      org.springframework.boot.micrometer.tracing.autoconfigure.TracingProperties.Propagation
          fields) {
    List<PropagationType> both = fields.getType();
    return new TracingSettings(
        new Propagation(
            formats(both == null ? fields.getConsume() : both),
            formats(both == null ? fields.getProduce() : both)),
        ours.trust(),
        ours.baggage(),
        ours.always().errors(),
        ours.always().slowerThan(),
        ours.waitThreshold());
  }

  private static Set<Propagation.Format> formats(List<PropagationType> types) {
    Set<Propagation.Format> formats = EnumSet.noneOf(Propagation.Format.class);
    types.forEach(type -> formats.add(Propagation.Format.valueOf(type.name())));
    return formats;
  }

  @Bean
  MeterBinder spanMeters(SpanSink sink) {
    return registry -> {
      Meters.SPANS_EXPORTED.counter(registry, sink, SpanSink::exported);
      Meters.SPANS_DROPPED.counter(registry, sink, SpanSink::overflowed, "queue_full");
      Meters.SPANS_DROPPED.counter(registry, sink, SpanSink::failed, "export_failed");
    };
  }
}
