package dev.headgate.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionSchemeTest {
  @ParameterizedTest
  @CsvSource({"1,v1", "1,1.0", "1,V1.0.0", "2.1,2.1.0", "0,0.0", "10.20.30,v10.20.30"})
  void spellingsOfOneVersionAreOne(String one, String other) {
    assertThat(VersionScheme.NUMBER.read(one))
        .isNotEqualTo(VersionScheme.NONE)
        .isEqualTo(VersionScheme.NUMBER.read(other));
  }

  @ParameterizedTest
  @CsvSource({"1,2", "1,1.1", "1.0.1,1.1", "2.9,2.10", "2.999999.999999,3", "0,999999"})
  void keysSortAsVersionsDo(String lesser, String greater) {
    assertThat(VersionScheme.NUMBER.read(lesser))
        .isNotEqualTo(VersionScheme.NONE)
        .isLessThan(VersionScheme.NUMBER.read(greater));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v",
        "vv1",
        "v 1",
        " 1",
        "1 ",
        "01",
        "1.01",
        "1.",
        ".1",
        "1..1",
        "1.2.3.4",
        "1000000",
        "1.2.3.",
        "+1",
        "-1",
        "1a",
        "one",
        "१",
        "1,2",
        "9999999999999999999999",
        "00",
        "1\u0000"
      })
  void whatIsNoNumberIsNone(String text) {
    assertThat(VersionScheme.NUMBER.read(text)).isEqualTo(VersionScheme.NONE);
  }

  @Test
  void daysAreThoseOfTheCalendar() {
    Property.forAll(
        20_000,
        random -> {
          int year = random.nextInt(10_000);
          int month = random.nextInt(15);
          int day = random.nextInt(34);
          String text =
              "%s%04d-%02d-%02d".formatted(random.nextBoolean() ? "v" : "", year, month, day);
          assertThat(VersionScheme.DATE.read(text) != VersionScheme.NONE)
              .as(text)
              .isEqualTo(isDay(year, month, day));
        });
  }

  private static boolean isDay(int year, int month, int day) {
    try {
      LocalDate.of(year, month, day);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "2026", "2026-1-1", "2026-11-01 ", "2026/11/01", "+2026-11-01", "2026-1a-01"})
  void whatIsNoDayIsNone(String text) {
    assertThat(VersionScheme.DATE.read(text)).isEqualTo(VersionScheme.NONE);
  }
}
