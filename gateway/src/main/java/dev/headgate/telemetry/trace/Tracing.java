package dev.headgate.telemetry.trace;

import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.Trace;
import dev.headgate.telemetry.Outcomes;
import io.netty.handler.codec.http.HttpHeaders;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's part in traces. A request gets its ids at once, so that services and the log can be
 * told; its spans are made when it is over, by its record, if anybody is to have them: it was
 * sampled, or it went wrong, or it took long.
 */
public final class Tracing {
  private static final String ROOT = "request";

  private final TracingSettings settings;
  private final Sampler sampler;
  private final SpanSink sink;
  private final Resource resource;
  private final LongSupplier random;
  private final InstantSource clock;

  /**
   * @param sampler decides on requests; its attributes are empty, since it is asked at the head
   * @param random any numbers
   * @param clock the wall clock
   */
  public Tracing(
      TracingSettings settings,
      Sampler sampler,
      SpanSink sink,
      Resource resource,
      LongSupplier random,
      InstantSource clock) {
    this.settings = settings;
    this.sampler = sampler;
    this.sink = sink;
    this.resource = resource;
    this.random = random;
    this.clock = clock;
  }

  /**
   * The request's head is there: whatever it says of a trace is taken out of it, and its own place
   * in one is settled. A second time, where a chain runs within another, it stays in that.
   *
   * @param path the route's path as the config writes it; null where no route matched
   */
  public void begin(GatewayExchange exchange, @Nullable String path) {
    HttpHeaders headers = exchange.headers();
    if (exchange.trace() instanceof ExchangeTrace known) {
      settings.propagation().clear(headers);
      known.carriedBy(exchange, path);
      return;
    }
    Remote told = settings.propagation().read(headers);
    settings.propagation().clear(headers);
    boolean believed = believes(exchange.request().trusted());
    if (believed) {
      Baggage.keepOnly(settings.baggage(), headers);
    } else {
      Baggage.drop(headers);
    }
    ExchangeTrace trace = trace(exchange, told, believed);
    trace.carriedBy(exchange, path);
    exchange.trace(trace);
    if (path == null) {
      // Somebody else than a try of ours may ask the service.
      trace.tellDirectly(headers::set);
    }
  }

  private boolean believes(boolean trusted) {
    return switch (settings.trust()) {
      case TRUSTED_PROXIES -> trusted;
      case EVERYONE -> true;
      case NOBODY -> false;
    };
  }

  private ExchangeTrace trace(GatewayExchange exchange, @Nullable Remote told, boolean believed) {
    Remote parent = believed ? told : null;
    String traceId = parent == null ? newTraceId() : parent.traceId();
    return new ExchangeTrace(
        settings.propagation(),
        this::newSpanId,
        traceId,
        sampled(parent, traceId),
        parent,
        believed ? null : told,
        exchange);
  }

  private boolean sampled(@Nullable Remote parent, String traceId) {
    Boolean decided = parent == null ? null : parent.sampled();
    Context context = Context.root();
    if (parent != null && decided != null) {
      SpanContext caller =
          SpanContext.createFromRemoteParent(
              traceId,
              parent.spanId(),
              decided ? TraceFlags.getSampled() : TraceFlags.getDefault(),
              TraceState.getDefault());
      context = context.with(Span.wrap(caller));
    }
    return sampler
        .shouldSample(context, traceId, ROOT, SpanKind.SERVER, Attributes.empty(), List.of())
        .getDecision()
        .equals(SamplingDecision.RECORD_AND_SAMPLE);
  }

  private String newTraceId() {
    StringBuilder id = new StringBuilder(2 * Long.SIZE / 4);
    HexText.append(id, random.getAsLong());
    // All zeros is no id, and this half is what samplers look at.
    HexText.append(id, newSpanId());
    return id.toString();
  }

  private long newSpanId() {
    long id = random.getAsLong();
    while (id == 0) {
      id = random.getAsLong();
    }
    return id;
  }

  /** The exchange is over. */
  public void ended(GatewayExchange exchange) {
    Trace partOf = exchange.trace();
    if (!(partOf instanceof ExchangeTrace trace) || !sink.open()) {
      return;
    }
    long now = exchange.now();
    if (trace.sampled() || matters(exchange.record(), now)) {
      Instant wall = clock.instant();
      long epoch = TimeUnit.SECONDS.toNanos(wall.getEpochSecond()) + wall.getNano();
      SpanReport report = new SpanReport(exchange, trace, resource, now, epoch);
      sink.accept(report.spans(now, this::newSpanId, settings.waitThreshold().toNanos()));
      trace.markReported();
    }
  }

  /** A call is over that was made on account of an exchange, which may be over for long. */
  public void endedInBackground(GatewayExchange call) {
    if (call.trace() instanceof ExchangeTrace trace && sink.open()) {
      long now = call.now();
      if (trace.sampled() || matters(call.record(), now)) {
        Instant wall = clock.instant();
        long epoch = TimeUnit.SECONDS.toNanos(wall.getEpochSecond()) + wall.getNano();
        sink.accept(
            new SpanReport(call, trace, resource, now, epoch)
                .parts(now, this::newSpanId, settings.waitThreshold().toNanos()));
      }
    }
  }

  private boolean matters(ExchangeRecord record, long now) {
    long slow = settings.slowerThan().toNanos();
    return (slow > 0 && now - record.startNanos() > slow)
        || (settings.errors() && Outcomes.failed(record));
  }
}
