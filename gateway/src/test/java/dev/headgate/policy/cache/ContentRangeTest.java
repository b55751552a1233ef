package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.fields;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentRangeTest {
  private static @Nullable ContentRange of(String value) {
    return ContentRange.of(fields("content-range: " + value));
  }

  // RFC 9110 section 14.4.
  @ParameterizedTest
  @CsvSource({
    "bytes 0-0/1, 0, 0, 1",
    "bytes 42-1233/1234, 42, 1233, 1234",
    "BYTES 0-9/10, 0, 9, 10",
    "bytes 007-09/10, 7, 9, 10",
    "bytes 5000000000-5000000001/6000000000, 5000000000, 5000000001, 6000000000",
  })
  void aPartOfAKnownWholeIsRead(String value, long first, long last, long whole) {
    assertThat(of(value)).isEqualTo(new ContentRange(first, last, whole));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes 0-9",
        "bytes 0-9/",
        "bytes 0-9/*",
        "bytes */10",
        "bytes 9-0/10",
        "bytes 0-10/10",
        "bytes -1/10",
        "bytes 0-/10",
        "bytes=0-9/10",
        "bytes  0-9/10",
        "bytes 0-9/10, bytes 0-9/10",
        "bytes 0-9/9999999999999999999",
        "items 0-9/10",
        "bytes ٠-١/٣"
      })
  void anythingElseIsNone(String value) {
    assertThat(of(value)).isNull();
  }

  @Test
  void norAreTwoLines() {
    String line = "content-range: bytes 0-9/10";

    assertThat(ContentRange.of(fields(line, line))).isNull();
    assertThat(ContentRange.of(fields())).isNull();
  }

  @Test
  void whatItSaysIsWhatWasRead() {
    Property.forAll(
        2_000,
        random -> {
          long first = random.nextLong(1L << 40);
          long last = first + random.nextLong(1L << 20);
          ContentRange range = new ContentRange(first, last, last + 1 + random.nextLong(1L << 20));

          assertThat(of(range.text())).isEqualTo(range);
          assertThat(range.length()).isEqualTo(last - first + 1);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "2, 5, true",
    "3, 1, true",
    "2, 0, false",
    "1, 2, false",
    "6, 2, false",
    "7, 1, false",
  })
  void itHasWhatIsWithinIt(long first, long length, boolean has) {
    ContentRange here = new ContentRange(2, 6, 10);

    assertThat(here.has(new ByteRange(first, length))).isEqualTo(has);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 6, 7, 9, true",
    "0, 6, 6, 9, false",
    "0, 6, 8, 9, false",
    "0, 6, 7, 8, false",
    "1, 6, 7, 9, false",
  })
  void whatGoesOnWhereItEndsCompletesIt(
      long first, long last, long from, long to, boolean completes) {
    ContentRange beginning = new ContentRange(first, last, 10);

    assertThat(new ContentRange(from, to, 10).completes(beginning)).isEqualTo(completes);
    assertThat(new ContentRange(7, 11, 12).completes(new ContentRange(0, 6, 10))).isFalse();
  }
}
