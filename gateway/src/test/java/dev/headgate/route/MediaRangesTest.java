package dev.headgate.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaRangesTest {
  /** Range, value and weight of each parameter called {@code version}. */
  private static List<String> versions(String line) {
    List<String> found = new ArrayList<>();
    MediaRanges ranges = new MediaRanges(line);
    while (ranges.next()) {
      if (ranges.isNamed("version")) {
        String text = ranges.text();
        found.add(ranges.range() + ":" + text.substring(ranges.from(), ranges.to(text)));
      }
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a/b;version=2                                   | 0:2",
        "a/b ; VERSION = 2 ; q=0.1                       | 0:2",
        "a/b;version=\"2\"                               | 0:2",
        "a/b;version=\"\\2\"                             | 0:2",
        "a/b;version=\"2.1\"x                            | 0:\"2.1\"x",
        "a/b;version=\"2                                 | 0:\"2",
        "a/b;x=\",;version=1\";version=3                 | 0:3",
        "a/b;x=\"\\\",c/d;version=1\";version=3          | 0:3",
        "*/*, c/d;version=2                              | 1:2",
        "a/b;q=1,,c/d;version=2                          | 2:2",
        "a/b;version                                     | 0:",
        "a/b;version=                                    | 0:",
        ";version=2                                      | 0:2",
        "a/b;;version=2                                  | 0:2",
      })
  void readsParametersOfAnyRange(String line, String expected) {
    assertThat(versions(line)).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({"a/b;versions=2", "a/b;x=version=2", "a/b", "version=2", "'a/b;x=\"version=2\"'"})
  void othersAreNotTakenForIt(String line) {
    assertThat(versions(line)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1,1000",
    "0.5,500",
    "0.001,1",
    "0.,0",
    "1.000,1000",
    "0.25,250",
    "1.5,1000",
    "2,1000",
    ".5,1000",
    "abc,1000",
    "'',1000",
    "0.1234,1000",
    "0;5,0",
    "-1,1000"
  })
  void weightsAreThousandths(String weight, int expected) {
    MediaRanges ranges = new MediaRanges("a/b;q=" + weight);
    assertThat(ranges.next()).isTrue();
    assertThat(ranges.weight()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a/b;version=2|a/b",
        "a/b; version=2 ; q=0.5|a/b ; q=0.5",
        "a/b;q=0.5;version=\"2\", c/d;version=1;ext=\"x;y,z\"|a/b;q=0.5, c/d;ext=\"x;y,z\"",
        "a/b;version=2;Version=3|a/b",
        "a/b;x=\";version=2\"|a/b;x=\";version=2\"",
        "a/b , c/d;version=1 , e/f|a/b , c/d , e/f",
      })
  void takesTheParameterOutAndLeavesTheRest(String line, String expected) {
    assertThat(MediaRanges.without(line, "version")).isEqualTo(expected);
  }

  @Test
  void givesTheSameLineWhereNothingIsToBeTakenOut() {
    String line = "application/json;profile=\"a,b\", */*;q=0.1";
    assertThat(MediaRanges.without(line, "version")).isSameAs(line);
  }

  @Test
  void whatIsTakenOutIsGoneAndTheOthersStay() {
    Property.forAll(
        20_000,
        random -> {
          String line = noise(random);
          String left = MediaRanges.without(line, "v");
          assertThat(all(left)).as(line).isEqualTo(others(all(line)));
        });
  }

  private static List<String> others(List<String> parameters) {
    return parameters.stream().filter(p -> !p.startsWith("v=")).toList();
  }

  private static List<String> all(String line) {
    List<String> all = new ArrayList<>();
    MediaRanges ranges = new MediaRanges(line);
    while (ranges.next()) {
      String text = ranges.text();
      String name = ranges.isNamed("v") ? "v" : ranges.isNamed("q") ? "q" : "?";
      all.add(name + "=" + text.substring(ranges.from(), ranges.to(text)));
    }
    return all;
  }

  private static String noise(Random random) {
    StringBuilder noise = new StringBuilder();
    for (int i = random.nextInt(24); i > 0; i--) {
      noise.append(
          Property.oneOf(
              random,
              List.of(";v=", ";q=", ";x", ",", ";", "=", "\"", "\\", " ", "1", "a/b", "v")));
    }
    return noise.toString();
  }
}
