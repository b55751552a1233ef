package dev.headgate.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "users starts",
        "'' starts",
        "/a//b empty",
        "// empty",
        "/a?x=1 query",
        "/a#x fragment",
        "/**/a last",
        "/a/**/ last",
        "/{id}/{id} once",
        "/{} name",
        "/{1a} name",
        "/{a.b} name",
        "/{*rest} name",
        "/a{id} whole",
        "/{id whole",
        "/id} whole",
        "/a* whole",
        "/a/***/b whole",
        "/a/./b dot",
        "/.. dot",
        "/%2e%2E dot",
        "/100% %25",
        "/%4 hex",
        "/a\\b backslash",
        "/a%5Cb backslash",
        "/a%00 control",
      })
  void badPatternsAreRefusedWithWhatWasExpected(String text, String expected) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathPattern.parse(text))
        .withMessageStartingWith("found \"")
        .withMessageContaining("(expected: ")
        .withMessageContaining(expected);
  }

  @Test
  void depthIsBounded() {
    assertThat(PathPattern.parse("/a".repeat(128)).segments()).hasSize(128);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathPattern.parse("/a".repeat(129)))
        .withMessageContaining("128");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/**",
        "/a",
        "/a/",
        "/a/{b}/*/**",
        "/{a-b_1}",
        "/%7Bx%7D/%2A%2A",
        "/a b/é/..."
      })
  void patternsKeepTheirText(String text) {
    PathPattern pattern = PathPattern.parse(text);
    assertThat(pattern)
        .hasToString(text)
        .isEqualTo(PathPattern.parse(text))
        .hasSameHashCodeAs(text);
    assertThat(pattern.hasRest()).isEqualTo(text.endsWith("/**"));
  }

  @Test
  void variablesAreInOrder() {
    assertThat(PathPattern.parse("/{b}/x/{a}/**").variables()).containsExactly("b", "a");
  }
}
