package dev.headgate.contract.harness;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** All spans that a receiver got, and the trees they make, as text. */
public final class Spans {
  private static final Comparator<Span> AS_BEGUN =
      Comparator.comparingLong(Span::getStartTimeUnixNano)
          .thenComparing(span -> attributes(span).getOrDefault("headgate.attempt", ""));

  private final List<Span> all = new CopyOnWriteArrayList<>();
  private final Set<String> services = new ConcurrentSkipListSet<>();

  void add(ExportTraceServiceRequest request) {
    for (var resource : request.getResourceSpansList()) {
      String service = map(resource.getResource().getAttributesList()).get("service.name");
      services.add(String.valueOf(service));
      resource.getScopeSpansList().forEach(scope -> all.addAll(scope.getSpansList()));
    }
  }

  public List<Span> all() {
    return all;
  }

  /** Every {@code service.name} so far. */
  public Set<String> services() {
    return services;
  }

  /** Those of a trace, as they began. */
  public List<Span> of(String traceId) {
    return all.stream()
        .filter(span -> hex(span.getTraceId()).equals(traceId))
        .sorted(AS_BEGUN)
        .toList();
  }

  /** The first of this kind in a trace, within ten seconds. */
  public Span await(String traceId, Span.SpanKind kind) {
    return Eventually.get(
        "a span of kind " + kind + " in " + traceId,
        () -> of(traceId).stream().filter(span -> span.getKind() == kind).findFirst());
  }

  /**
   * A trace, a span a line, what it began right below and two columns further in: the kind without
   * its prefix, the name, {@code ERROR} where it is one, and those of {@code names} that it has.
   * Its events come first. Spans whose parent was not received stand at the left.
   */
  public String tree(String traceId, String... names) {
    List<Span> spans = of(traceId);
    Set<ByteString> known = spans.stream().map(Span::getSpanId).collect(Collectors.toSet());
    StringBuilder text = new StringBuilder();
    append(text, spans, span -> !known.contains(span.getParentSpanId()), "", List.of(names));
    return text.toString();
  }

  private static void append(
      StringBuilder text,
      List<Span> spans,
      Predicate<Span> wanted,
      String indent,
      List<String> names) {
    for (Span span : spans) {
      if (wanted.test(span)) {
        text.append(indent).append(span.getKind().name().substring("SPAN_KIND_".length()));
        text.append(' ').append(span.getName());
        if (span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR) {
          text.append(" ERROR");
        }
        append(text, attributes(span), names);
        for (Span.Event event : span.getEventsList()) {
          text.append(indent).append("  event ").append(event.getName());
          append(text, map(event.getAttributesList()), List.of("headgate.detail"));
        }
        append(
            text,
            spans,
            child -> child.getParentSpanId().equals(span.getSpanId()),
            indent + "  ",
            names);
      }
    }
  }

  private static void append(StringBuilder text, Map<String, String> has, List<String> names) {
    for (String name : names) {
      String value = has.get(name);
      if (value != null) {
        text.append(' ').append(name).append('=').append(value);
      }
    }
    text.append('\n');
  }

  /** By name; arrays as {@code [a, b]}. */
  public static Map<String, String> attributes(Span span) {
    return map(span.getAttributesList());
  }

  private static Map<String, String> map(List<KeyValue> attributes) {
    Map<String, String> map = new TreeMap<>();
    attributes.forEach(attribute -> map.put(attribute.getKey(), text(attribute.getValue())));
    return map;
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream().map(Spans::text).toList().toString();
      default -> value.toString();
    };
  }

  /** An id as {@code traceparent} has it. */
  public static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }
}
