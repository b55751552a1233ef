package dev.headgate.telemetry.trace;

import dev.headgate.exchange.Decision;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.Step;
import dev.headgate.exchange.Try;
import dev.headgate.telemetry.Outcomes;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The spans of an exchange that is over, made of its record: one for the exchange, one for each try
 * of the service, one for each step that took long enough. Made at the end, and only where they are
 * sent, so that a request nobody traces costs its ids alone, and none is left open. Touches
 * nothing.
 */
final class SpanReport {
  private static final TraceFlags SAMPLED = TraceFlags.getSampled();
  private static final TraceFlags SAMPLED_RANDOM =
      TraceFlags.fromByte((byte) (TraceParent.SAMPLED | TraceParent.RANDOM));

  private final GatewayExchange exchange;
  private final ExchangeRecord record;
  private final ExchangeTrace trace;
  private final Resource resource;
  private final long wallMinusTicker;
  private final SpanContext own;

  /**
   * @param nowNanos of the exchange's ticker, at which its span ends
   * @param nowEpochNanos the same moment by the wall clock
   */
  SpanReport(
      GatewayExchange exchange,
      ExchangeTrace trace,
      Resource resource,
      long nowNanos,
      long nowEpochNanos) {
    this.exchange = exchange;
    this.record = exchange.record();
    this.trace = trace;
    this.resource = resource;
    this.wallMinusTicker = nowEpochNanos - nowNanos;
    this.own = context(trace.spanId());
  }

  /**
   * The spans, that of the exchange first.
   *
   * @param ids for the steps' spans
   * @param threshold waits that took less, in nanoseconds, have none
   */
  List<FinishedSpan> spans(long nowNanos, LongSupplier ids, long threshold) {
    List<FinishedSpan> spans = new ArrayList<>(2 + record.tries().size());
    spans.add(server(nowNanos));
    spans.addAll(parts(nowNanos, ids, threshold));
    return spans;
  }

  /** The spans of its tries and steps, without its own; as {@link #spans}. */
  List<FinishedSpan> parts(long nowNanos, LongSupplier ids, long threshold) {
    List<FinishedSpan> spans = new ArrayList<>(1 + record.tries().size());
    for (Try one : record.tries()) {
      if (one.spanId() != 0 || one.end() != null) {
        spans.add(client(one, nowNanos, ids));
      }
    }
    for (Step step : record.steps()) {
      if (step.kind() == Step.Kind.CALL || step.lastedNanos() >= threshold) {
        spans.add(internal(step, ids));
      }
    }
    return spans;
  }

  private FinishedSpan server(long nowNanos) {
    return new FinishedSpan(
        SpanNames.server(exchange.request().method().name(), trace.template()),
        SpanKind.SERVER,
        own,
        parent(),
        epoch(record.startNanos()),
        epoch(nowNanos),
        SpanAttributes.server(exchange, trace),
        events(),
        links(),
        // A client's own fault, or its leaving, is no error of the server's.
        Outcomes.failed(record) ? StatusData.error() : StatusData.unset(),
        resource);
  }

  private FinishedSpan client(Try one, long nowNanos, LongSupplier ids) {
    long lasted = one.lastedNanos();
    long end = lasted < 0 ? nowNanos : one.startNanos() + lasted;
    long id = one.spanId() == 0 ? ids.getAsLong() : one.spanId();
    boolean error = Outcomes.failure(one) != null || one.status() >= SpanAttributes.CLIENT_ERROR;
    return new FinishedSpan(
        SpanNames.client(exchange.request().method().name()),
        SpanKind.CLIENT,
        context(id),
        own,
        epoch(one.startNanos()),
        epoch(end),
        SpanAttributes.client(one, trace.carrier()),
        List.of(),
        List.of(),
        error ? StatusData.error() : StatusData.unset(),
        resource);
  }

  private FinishedSpan internal(Step step, LongSupplier ids) {
    return new FinishedSpan(
        step.name(),
        SpanKind.INTERNAL,
        context(ids.getAsLong()),
        own,
        epoch(step.startNanos()),
        epoch(step.endNanos()),
        SpanAttributes.of(step.details()),
        List.of(),
        List.of(),
        StatusData.unset(),
        resource);
  }

  private List<EventData> events() {
    if (record.decisions().isEmpty()) {
      return List.of();
    }
    List<EventData> events = new ArrayList<>(record.decisions().size());
    for (Decision.Made made : record.decisions()) {
      Attributes detail =
          made.detail().isEmpty()
              ? Attributes.empty()
              : Attributes.of(SpanAttributes.DETAIL, made.detail());
      events.add(EventData.create(epoch(made.atNanos()), made.decision().word(), detail));
    }
    return events;
  }

  private List<LinkData> links() {
    Remote stranger = trace.stranger();
    return stranger == null ? List.of() : List.of(LinkData.create(remote(stranger)));
  }

  private SpanContext parent() {
    Remote parent = trace.parent();
    return parent == null ? SpanContext.getInvalid() : remote(parent);
  }

  private static SpanContext remote(Remote told) {
    return SpanContext.createFromRemoteParent(
        told.traceId(), told.spanId(), flags(told.random()), TraceState.getDefault());
  }

  // What is sent is sampled, whatever those behind were asked to do.
  private SpanContext context(long id) {
    return SpanContext.create(
        trace.traceId(), HexText.of(id), flags(trace.random()), state(trace.state()));
  }

  private static TraceFlags flags(boolean random) {
    return random ? SAMPLED_RANDOM : SAMPLED;
  }

  private static TraceState state(@Nullable String entries) {
    if (entries == null) {
      return TraceState.getDefault();
    }
    var builder = TraceState.builder();
    String[] members = entries.split(",", -1);
    // Each goes to the front.
    for (int i = members.length - 1; i >= 0; i--) {
      int equals = members[i].indexOf('=');
      builder.put(members[i].substring(0, equals), members[i].substring(equals + 1));
    }
    return builder.build();
  }

  private long epoch(long tickerNanos) {
    return wallMinusTicker + tickerNanos;
  }
}
