package dev.headgate.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.headgate.telemetry.trace.Propagation.Format;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What strangers say of traces. */
class TraceContextFuzzTest {
  private static final Propagation ALL =
      new Propagation(EnumSet.allOf(Format.class), EnumSet.allOf(Format.class));

  @FuzzTest(maxDuration = "10s")
  void whateverIsReadIsWrittenInItsOneForm(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    Remote parent = TraceParent.read(List.of(text));
    if (parent != null) {
      long span = Long.parseUnsignedLong(parent.spanId(), 16);
      boolean sampled = Boolean.TRUE.equals(parent.sampled());
      String again = TraceParent.write(parent.traceId(), span, sampled, parent.random());
      assertThat(TraceParent.read(List.of(again))).isEqualTo(parent);
    }
  }

  @FuzzTest(maxDuration = "10s")
  void aStateThatIsReadIsRead(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    String state = TraceState.read(List.of(text.split("\n", -1)));
    if (state != null) {
      assertThat(TraceState.read(List.of(state))).isEqualTo(state);
    }
  }

  @FuzzTest(maxDuration = "10s")
  void idsAreIdsWhoeverTold(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    String[] parts = text.split("\n", -1);
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    List<String> names =
        List.of("traceparent", "b3", "x-b3-traceid", "x-b3-spanid", "x-b3-flags", "baggage");
    for (int i = 0; i < parts.length && i < names.size(); i++) {
      headers.add(names.get(i), parts[i]);
    }
    Remote told = ALL.read(headers);
    if (told != null) {
      assertThat(told.traceId()).matches("[0-9a-f]{32}");
      assertThat(told.spanId()).matches("[0-9a-f]{16}");
    }
    Baggage.keepOnly(Set.of("a"), headers);
    ALL.clear(headers);
    headers.remove("baggage");
    assertThat(headers.isEmpty()).isTrue();
  }
}
