package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectivesTest {
  // RFC 9111 sections 1.2.2 and 5.2: token and quoted-string are the same, names have no case.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "max-age=60 | 60",
        "MAX-AGE=60 | 60",
        "max-age=\"60\" | 60",
        "max-age=\"6\\0\" | 60",
        "max-age=0 | 0",
        "max-age=0060 | 60",
        "public, max-age=60 | 60",
        ",, max-age=60 ,, | 60",
        "max-age=60;x | -2",
        "max-age=2147483647 | 2147483647",
        "max-age=2147483648 | 2147483648",
        "max-age=2147483649 | 2147483648",
        "max-age=99999999999999999999999999 | 2147483648",
        "max-age=60, max-age=5 | 60",
        "max-age=x, max-age=5 | -2",
        "max-age | -2",
        "max-age= | -2",
        "max-age=\"\" | -2",
        "max-age=-1 | -2",
        "max-age=+1 | -2",
        "max-age=1.5 | -2",
        "max-age=60a | -2",
        "max-age='60' | -2",
        "max-age= 60 | -2",
        "max-age =60 | -2",
        "max-age=\"60 | -2",
        "max-age=60\" | -2",
        "max-age=٦٠ | -2",
        "x-max-age=60 | -1",
        "\"max-age=60\" | -1",
        "x=\"max-age=60\" | -1",
        "x=\"a, max-age=60\" | -1",
        "x=\"\\\", max-age=60\" | -1",
        "no-store | -1",
        "~~ | -1",
      })
  void aNumberOfSecondsIsDigitsAndNothingElse(String field, long seconds) {
    assertThat(said(field).seconds("max-age")).isEqualTo(seconds);
  }

  @Test
  void linesAreOneListAndTheFirstOfTwoNumbersCounts() {
    Directives said = said("public", "max-age=1", "max-age=2, no-transform");

    assertThat(said.has("public")).isTrue();
    assertThat(said.has("no-transform")).isTrue();
    assertThat(said.seconds("max-age")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "private",
        "PRIVATE",
        "private=",
        "private=\"\"",
        "private=\",\"",
        "private=\" , \"",
        "private=\"x",
        "private=x\"",
        "private =\"x\"",
        "private= \"x\"",
        "private=\"x\"y",
        "private=\"x\", private",
        "private, private=\"x\"",
        "private=\"x\", private=\"y",
      })
  void aRestrictionThatNamesNoFieldHoldsForAll(String field) {
    // RFC 9111 section 4.2.1: of directives that conflict the most restrictive one.
    assertThat(said(field).unqualified("private")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "private=\"x-secret\" | x-secret",
        "private=\"X-Secret\" | x-secret",
        "private=x-secret | x-secret",
        "private=\"a, b ,c\" | a b c",
        "private=\"a,,b,\" | a b",
        "private=\"a\", private=\"b\" | a b",
        "private=\"a\", private=b | a b",
      })
  void aRestrictionMayBeForSomeFieldsOnly(String field, String names) {
    Directives said = said(field);

    assertThat(said.unqualified("private")).isFalse();
    assertThat(said.has("private")).isTrue();
    assertThat(said.fields("private")).containsExactly(names.split(" ", -1));
  }

  @Test
  void whatIsNotThereIsForNoField() {
    assertThat(said("no-store").fields("private")).isEmpty();
    assertThat(said("no-store").unqualified("private")).isFalse();
    assertThat(said("private").fields("private")).isEmpty();
    assertThat(said().isEmpty()).isTrue();
    assertThat(said(" , ,").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-store",
        "No-Store",
        "no-store=1",
        "no-store=\"x\"",
        "max-age=60 , no-store",
        "x=\"a\\\"b\", no-store",
        // A quote that is never closed begins no quoted string: what follows is still said.
        "x=\"a, no-store",
        "private=\"a, max-age=60, no-store",
        "x=\"a\\\", no-store",
      })
  void aProhibitionIsNeverLost(String field) {
    assertThat(said(field).has("no-store")).isTrue();
  }

  @Test
  void moreThanAnybodyNeedsIsNotReliedUpon() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      many.append("x").append(i).append(',');
    }

    assertThat(said(many + "private").has("no-store")).isTrue();
  }

  @Test
  void onlyAWordWithoutAValueIsAFlag() {
    assertThat(said("max-stale").isFlag("max-stale")).isTrue();
    assertThat(said("max-stale=").isFlag("max-stale")).isFalse();
    assertThat(said("max-stale=\"\"").isFlag("max-stale")).isFalse();
    assertThat(said("max-stale = 5").isFlag("max-stale")).isFalse();
    assertThat(said("max-stale=\"5").isFlag("max-stale")).isFalse();
    assertThat(said("").isFlag("max-stale")).isFalse();
  }

  @Test
  void whatIsWrittenIsRead() {
    Property.forAll(
        2_000,
        random -> {
          Map<String, Long> numbers = new LinkedHashMap<>();
          List<String> lines = new ArrayList<>();
          StringBuilder line = new StringBuilder();
          for (int i = random.nextInt(12); i > 0; i--) {
            String name = "d" + i;
            long number = random.nextInt(1_000_000);
            numbers.put(name, number);
            String value = Property.chance(random, 50) ? "\"" + number + "\"" : "" + number;
            line.append(Property.oneOf(random, List.of("", " ", "\t", " , ")))
                .append(Property.chance(random, 50) ? name : name.toUpperCase(Locale.ROOT))
                .append('=')
                .append(value);
            if (Property.chance(random, 30)) {
              lines.add(line.toString());
              line.setLength(0);
            } else {
              line.append(Property.oneOf(random, List.of(",", " , ", ",,", ", x=\"a, b\\\"\",")));
            }
          }
          lines.add(line.toString());

          Directives read = Directives.parse(lines);

          numbers.forEach((name, number) -> assertThat(read.seconds(name)).isEqualTo(number));
        });
  }
}
