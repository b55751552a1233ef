package dev.headgate.telemetry.trace;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** B3, Zipkin's way to tell of traces, in one field or in several. Pure. */
final class B3 {
  static final AsciiString SINGLE = AsciiString.cached("b3");
  static final AsciiString TRACE_ID = AsciiString.cached("x-b3-traceid");
  static final AsciiString SPAN_ID = AsciiString.cached("x-b3-spanid");
  static final AsciiString PARENT_ID = AsciiString.cached("x-b3-parentspanid");
  static final AsciiString SAMPLED = AsciiString.cached("x-b3-sampled");
  static final AsciiString FLAGS = AsciiString.cached("x-b3-flags");

  private static final int LONG_ID = 32;
  private static final int SHORT_ID = 16;

  private B3() {}

  static @Nullable Remote readSingle(HttpHeaders headers) {
    String field = headers.get(SINGLE);
    if (field == null) {
      return null;
    }
    String[] parts = field.strip().split("-", -1);
    if (parts.length < 2 || parts.length > 4) {
      return null;
    }
    return remote(parts[0], parts[1], parts.length > 2 ? decision(parts[2]) : null);
  }

  static @Nullable Remote readSeveral(HttpHeaders headers) {
    boolean debug = "1".equals(headers.get(FLAGS));
    return remote(
        headers.get(TRACE_ID),
        headers.get(SPAN_ID),
        debug ? Boolean.TRUE : decision(headers.get(SAMPLED)));
  }

  private static @Nullable Remote remote(
      @Nullable String traceId, @Nullable String spanId, @Nullable Boolean sampled) {
    if (traceId == null || spanId == null) {
      return null;
    }
    String trace = traceId.strip().toLowerCase(Locale.ROOT);
    if (trace.length() == SHORT_ID) {
      trace = "0".repeat(LONG_ID - SHORT_ID) + trace;
    }
    String span = spanId.strip().toLowerCase(Locale.ROOT);
    return HexText.isId(trace, LONG_ID) && HexText.isId(span, SHORT_ID)
        ? new Remote(trace, span, sampled, false, null)
        : null;
  }

  // "d" is debug, which is sampled by any means; where nothing is said, others decide.
  private static @Nullable Boolean decision(@Nullable String said) {
    if (said == null) {
      return null;
    }
    return switch (said.strip().toLowerCase(Locale.ROOT)) {
      case "1", "d", "true" -> Boolean.TRUE;
      case "0", "false" -> Boolean.FALSE;
      default -> null;
    };
  }

  static void tellSingle(
      String traceId, long spanId, boolean sampled, BiConsumer<CharSequence, String> fields) {
    StringBuilder field = new StringBuilder(LONG_ID + SHORT_ID + 3).append(traceId).append('-');
    HexText.append(field, spanId);
    fields.accept(SINGLE, field.append(sampled ? "-1" : "-0").toString());
  }

  static void tellSeveral(
      String traceId, long spanId, boolean sampled, BiConsumer<CharSequence, String> fields) {
    fields.accept(TRACE_ID, traceId);
    fields.accept(SPAN_ID, HexText.of(spanId));
    fields.accept(SAMPLED, sampled ? "1" : "0");
  }
}
