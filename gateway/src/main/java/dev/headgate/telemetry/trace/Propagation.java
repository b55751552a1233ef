package dev.headgate.telemetry.trace;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which callers tell of traces, and in which services are told.
 *
 * @param consume what is read; the first that is there and valid counts, in the order of {@link
 *     Format}
 * @param produce what is written
 */
public record Propagation(Set<Format> consume, Set<Format> produce) {
  private static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");
  private static final AsciiString TRACESTATE = AsciiString.cached("tracestate");

  /** A family of fields. */
  public enum Format {
    /** {@code traceparent} and {@code tracestate} (W3C Trace Context level 2). */
    W3C,
    /** {@code b3}. */
    B3,
    /** {@code X-B3-TraceId} and its like. */
    B3_MULTI
  }

  public Propagation {
    consume = copy(consume);
    produce = copy(produce);
  }

  private static Set<Format> copy(Set<Format> formats) {
    return formats.isEmpty() ? EnumSet.noneOf(Format.class) : EnumSet.copyOf(formats);
  }

  /** What a caller said; null where it said nothing valid. */
  @Nullable Remote read(HttpHeaders headers) {
    for (Format format : consume) {
      Remote told =
          switch (format) {
            case W3C -> w3c(headers);
            case B3 -> B3.readSingle(headers);
            case B3_MULTI -> B3.readSeveral(headers);
          };
      if (told != null) {
        return told;
      }
    }
    return null;
  }

  private static @Nullable Remote w3c(HttpHeaders headers) {
    if (!headers.contains(TRACEPARENT)) {
      return null;
    }
    Remote parent = TraceParent.read(headers.getAll(TRACEPARENT));
    return parent == null || !headers.contains(TRACESTATE)
        ? parent
        : parent.withState(TraceState.read(headers.getAll(TRACESTATE)));
  }

  /** Takes the caller's word out of a request: of a family that is read or written, all of it. */
  void clear(HttpHeaders headers) {
    if (concerns(Format.W3C)) {
      headers.remove(TRACEPARENT);
      headers.remove(TRACESTATE);
    }
    if (concerns(Format.B3)) {
      headers.remove(B3.SINGLE);
    }
    if (concerns(Format.B3_MULTI)) {
      headers.remove(B3.TRACE_ID);
      headers.remove(B3.SPAN_ID);
      headers.remove(B3.PARENT_ID);
      headers.remove(B3.SAMPLED);
      headers.remove(B3.FLAGS);
    }
  }

  private boolean concerns(Format format) {
    return consume.contains(format) || produce.contains(format);
  }

  /** Tells a service, whose parent is the span of that id. */
  void tell(ExchangeTrace trace, long spanId, BiConsumer<CharSequence, String> fields) {
    for (Format format : produce) {
      switch (format) {
        case W3C -> {
          fields.accept(
              TRACEPARENT,
              TraceParent.write(trace.traceId(), spanId, trace.sampled(), trace.random()));
          if (trace.state() != null) {
            fields.accept(TRACESTATE, trace.state());
          }
        }
        case B3 -> B3.tellSingle(trace.traceId(), spanId, trace.sampled(), fields);
        case B3_MULTI -> B3.tellSeveral(trace.traceId(), spanId, trace.sampled(), fields);
      }
    }
  }
}
