package dev.headgate.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
  // RFC 9110 section 14.1.2, of ten bytes.
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,0,1",
    "bytes=0-9,0,10",
    "bytes=0-10,0,10",
    "bytes=0-999999999999999999,0,10",
    "bytes=3-5,3,3",
    "bytes=9-9,9,1",
    "bytes=4-,4,6",
    "bytes=-1,9,1",
    "bytes=-10,0,10",
    "bytes=-11,0,10",
    "bytes=-999999999999999999,0,10",
    "BYTES=3-5,3,3",
    "bytes=8-99999999999999999999,8,2",
    "bytes=-99999999999999999999,0,10",
    "bytes=03-05,3,3"
  })
  void oneRangeIsAPart(String field, int first, int length) {
    assertThat(ByteRange.of(field, 10)).contains(new ByteRange(first, length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=99999999999999999999-", "bytes=-0"})
  void whatBeginsBehindTheEndCannotBeSatisfied(String field) {
    assertThat(ByteRange.of(field, 10)).map(ByteRange::length).contains(0L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-", "bytes=0-0", "bytes=-5"})
  void ofNothingThereIsNoPart(String field) {
    assertThat(ByteRange.of(field, 0)).map(ByteRange::length).contains(0L);
  }

  // RFC 9110 section 14.2: what is invalid or not understood is ignored.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-3",
        "bytes=1-2,4-5",
        "bytes=1-2,",
        "bytes=--1",
        "bytes=1--2",
        "bytes=+1-2",
        "bytes=1 - 2",
        "bytes = 1-2",
        "items=0-1",
        "bytes=0x1-2",
        "bytes=1-2; x",
        "bytes=٠-١",
      })
  void anythingElseIsTheWhole(String field) {
    assertThat(ByteRange.of(field, 10)).isEmpty();
  }

  @Test
  void aPartIsAlwaysWithinTheAnswer() {
    Property.forAll(
        20_000,
        random -> {
          int whole = length(random);
          Optional<ByteRange> range = ByteRange.of(field(random), whole);
          range.ifPresent(
              part -> {
                assertThat(part.first()).isNotNegative();
                assertThat(part.length()).isNotNegative();
                assertThat(part.first() + part.length()).isLessThanOrEqualTo(whole);
              });
        });
  }

  private static int length(Random random) {
    return Property.oneOf(
        random,
        List.of(0, 1, 10, random.nextInt(1000), Integer.MAX_VALUE, random.nextInt(1 << 30)));
  }

  private static String field(Random random) {
    if (Property.chance(random, 80)) {
      return "bytes=" + number(random) + "-" + number(random);
    }
    StringBuilder any = new StringBuilder("bytes=");
    for (int i = random.nextInt(30); i > 0; i--) {
      any.append("0123456789-, \t=a".charAt(random.nextInt(16)));
    }
    return any.toString();
  }

  private static String number(Random random) {
    return Property.oneOf(
        random,
        List.of(
            "",
            "0",
            "" + random.nextInt(20),
            "" + Integer.MAX_VALUE,
            "" + (Integer.MAX_VALUE + 1L),
            "" + random.nextLong(1L << 58),
            "" + Long.MAX_VALUE,
            "99999999999999999999"));
  }
}
