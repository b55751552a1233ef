package dev.headgate.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";

  @ParameterizedTest
  @CsvSource({
    "00, 00, false, false",
    "00, 01, true, false",
    "00, 02, false, true",
    "00, 03, true, true",
    "00, fd, true, false",
    "cc, 03, true, false",
    "cc, 02, false, false"
  })
  void readsIdsAndTheFlagsThatItsVersionHas(
      String version, String flags, boolean sampled, boolean random) {
    Remote read = TraceParent.read(List.of(version + "-" + TRACE + "-" + PARENT + "-" + flags));

    assertThat(read).isEqualTo(new Remote(TRACE, PARENT, sampled, random, null));
  }

  @Test
  void aLaterVersionMayHaveMore() {
    assertThat(TraceParent.read(List.of("cc-" + TRACE + "-" + PARENT + "-01-what-the-future")))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-011",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
        "000-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
      })
  void whatIsNotValidIsNotThere(String field) {
    assertThat(TraceParent.read(List.of(field))).isNull();
  }

  @Test
  void twoAreNone() {
    String field = "00-" + TRACE + "-" + PARENT + "-01";
    assertThat(TraceParent.read(List.of(field, field))).isNull();
    assertThat(TraceParent.read(List.of())).isNull();
  }

  @Test
  void writesWhatItReads() {
    String field = TraceParent.write(TRACE, 0xb7ad6b7169203331L, true, true);

    assertThat(field).isEqualTo("00-" + TRACE + "-" + PARENT + "-03");
    Remote read = Objects.requireNonNull(TraceParent.read(List.of(field)));
    assertThat(read.spanId()).isEqualTo(PARENT);
    assertThat(TraceParent.write(TRACE, 1, false, false)).endsWith("-0000000000000001-00");
  }
}
