package dev.headgate.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.telemetry.trace.Propagation.Format;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** B3, baggage, and which family counts. */
class PropagationTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  private final HttpHeaders headers = new DefaultHttpHeaders();

  private static Propagation reading(Format... formats) {
    return new Propagation(Set.of(formats), EnumSet.noneOf(Format.class));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331, -",
        "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1, true",
        "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-d, true",
        "0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-0-05e3ac9a4f6e3b90, false"
      })
  void readsB3InOneField(String field, @Nullable Boolean sampled) {
    headers.set("b3", field);

    assertThat(reading(Format.B3).read(headers))
        .isEqualTo(new Remote(TRACE, SPAN, sampled, false, null));
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "''", "abc-def", "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1-1-1"})
  void whatNamesNoTraceIsNone(String field) {
    headers.set("b3", field);

    assertThat(reading(Format.B3).read(headers)).isNull();
  }

  @Test
  void readsB3InSeveralFieldsAndShortIds() {
    headers
        .set("X-B3-TraceId", "8448eb211c80319c")
        .set("X-B3-SpanId", SPAN)
        .set("X-B3-Sampled", "0");

    assertThat(reading(Format.B3_MULTI).read(headers))
        .isEqualTo(new Remote("00000000000000008448eb211c80319c", SPAN, false, false, null));
    headers.set("X-B3-Flags", "1");
    assertThat(reading(Format.B3_MULTI).read(headers))
        .matches(told -> Boolean.TRUE.equals(told.sampled()));
  }

  @Test
  void theFirstFamilyThatIsValidCounts() {
    headers.set("b3", TRACE + "-" + SPAN + "-1");
    headers.set("traceparent", "00-" + "1".repeat(32) + "-" + SPAN + "-00");

    assertThat(reading(Format.B3, Format.W3C).read(headers))
        .matches(told -> told.traceId().startsWith("1111"));
    headers.set("traceparent", "nonsense");
    assertThat(reading(Format.B3, Format.W3C).read(headers))
        .matches(told -> told.traceId().equals(TRACE));
  }

  @Test
  void aStateWithoutAParentIsNone() {
    headers.set("tracestate", "foo=1");

    assertThat(reading(Format.W3C).read(headers)).isNull();
  }

  @Test
  void clearsTheFamiliesItConcernsAndNoOther() {
    headers.set("traceparent", "x").set("tracestate", "x").set("b3", "x").set("x-b3-traceid", "x");

    new Propagation(EnumSet.of(Format.W3C), EnumSet.of(Format.B3)).clear(headers);

    assertThat(headers.names()).containsExactly("x-b3-traceid");
  }

  @Test
  void baggageThatIsNotNamedStops() {
    headers.add("baggage", "tier=gold;p=1, user=7").add("baggage", "region = eu");

    Baggage.keepOnly(Set.of("tier", "region"), headers);

    assertThat(headers.getAll("baggage")).containsExactly("tier=gold;p=1,region = eu");
    Baggage.keepOnly(Set.of(), headers);
    assertThat(headers.isEmpty()).isTrue();
  }

  @Test
  void allBaggagePassesAsItCameWhereAllIsNamed() {
    headers.add("baggage", "tier=gold, user=7").add("baggage", "a=b");

    Baggage.keepOnly(Set.of("*"), headers);

    assertThat(headers.getAll("baggage")).hasSize(2);
  }
}
