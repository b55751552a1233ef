package dev.headgate.policy.cors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginPatternTest {
  @ParameterizedTest
  @CsvSource({
    "https://app.example.com, https://app.example.com, true",
    "https://app.example.com, HTTPS://APP.Example.com, true",
    "https://App.Example.com, https://app.example.com, true",
    "https://app.example.com, http://app.example.com, false",
    "https://app.example.com, https://app.example.com:8443, false",
    "https://app.example.com:8443, https://app.example.com:8443, true",
    "https://app.example.com:8443, https://app.example.com, false",
    "https://app.example.com, https://app.example.com., false",
    "https://app.example.com, https://app.example.com.evil.test, false",
    "https://app.example.com, https://xapp.example.com, false",
    "https://app.example.com, https://app.example.com/, false",
    "https://*.example.com, https://a.example.com, true",
    "https://*.example.com, https://a.b.example.com, true",
    "https://*.example.com, https://A-1_b.EXAMPLE.com, true",
    "https://*.example.com, https://example.com, false",
    "https://*.example.com, https://.example.com, false",
    "https://*.example.com, https://a..example.com, false",
    "https://*.example.com, https://evilexample.com, false",
    "https://*.example.com, https://evil.test/.example.com, false",
    "https://*.example.com, https://evil.test?.example.com, false",
    "https://*.example.com, https://evil.test#.example.com, false",
    "https://*.example.com, https://user@a.example.com, false",
    "https://*.example.com, https://a.example.com:8443, false",
    "https://*.example.com:8443, https://a.example.com:8443, true",
    "http://[::1]:3000, http://[::1]:3000, true",
    "capacitor://localhost, capacitor://localhost, true",
    "https://a.example.com, '', false",
    "https://a.example.com, https://, false",
  })
  void matchesExactlyWhatItSays(String pattern, String origin, boolean matches) {
    assertThat(OriginPattern.problem(pattern)).isNull();
    assertThat(OriginPattern.parse(pattern).matches(origin)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app.example.com",
        "https://app.example.com/",
        "https://app.example.com/path",
        "https://",
        "https://*",
        "https://*.com",
        "https://a.*.com",
        "https://a*.example.com",
        "https://*example.com",
        "https://a.example.com:443",
        "http://a.example.com:80",
        "https://a.example.com:",
        "https://user@a.example.com",
        "https://é.example.com",
        "",
      })
  void anythingElseIsAProblem(String text) {
    assertThat(OriginPattern.problem(text)).contains("(expected: ");
  }

  @Test
  void aWildcardTakesLabelsAndNothingElse() {
    OriginPattern pattern = OriginPattern.parse("https://*.example.com");
    Property.forAll(
        5_000,
        random -> {
          String before = text(random);
          boolean labels = before.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
          assertThat(pattern.matches("https://" + before + ".example.com"))
              .as(before)
              .isEqualTo(labels);
        });
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.append(Property.oneOf(random, List.of("a", "Z", "0", "-", "_", ".", "/", "@", ":")));
    }
    return text.toString();
  }
}
