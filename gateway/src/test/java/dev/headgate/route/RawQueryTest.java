package dev.headgate.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawQueryTest {
  @ParameterizedTest
  @CsvSource({
    "a=1&version=2&b=3, a=1&b=3",
    "version=2&a, a",
    "a&version=2, a",
    "a&&version=2&b=%20+, a&&b=%20+",
    "ver%73ion=2&x=version, x=version",
    "version&versions=1&Version=3, versions=1&Version=3",
    "version=1&version=2&=&version=3, =",
  })
  void takesOutTheParameterAndLeavesTheRestByteForByte(String query, String expected) {
    assertThat(RawQuery.without(query, "version")).isEqualTo(expected);
  }

  @Test
  void nothingElseIsNoQuery() {
    assertThat(RawQuery.without("version=2", "version")).isNull();
    assertThat(RawQuery.without("version", "version")).isNull();
    assertThat(RawQuery.without("version=1&version=2", "version")).isNull();
  }

  @Test
  void aQueryWithoutItIsTheSameObject() {
    String query = "a=1&&b";
    assertThat(RawQuery.without(query, "version")).isSameAs(query);
    assertThat(RawQuery.without("", "version")).isEmpty();
  }

  @Test
  void leavesWhatSplittingAndJoiningLeaves() {
    Property.forAll(
        20_000,
        random -> {
          List<String> parts = new ArrayList<>();
          for (int i = 1 + random.nextInt(6); i > 0; i--) {
            parts.add(
                Property.oneOf(
                    random, List.of("", "v", "v=1", "%76=", "w=v", "=v", "V=2", "v%=1")));
          }
          List<String> kept = parts.stream().filter(p -> !p.matches("(v|%76)(=.*)?")).toList();
          String query = String.join("&", parts);
          assertThat(RawQuery.without(query, "v"))
              .as(query)
              .isEqualTo(kept.isEmpty() ? null : String.join("&", kept));
          assertThat(Arrays.asList(query.split("&", -1))).isEqualTo(parts);
        });
  }
}
