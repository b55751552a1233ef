package dev.headgate.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {

  @ParameterizedTest
  @CsvSource({
    "api.example.com,api.example.com",
    "API.Example.com:8080,api.example.com",
    "api.example.com.,api.example.com",
    "api.example.com.:80,api.example.com",
    "127.0.0.1:80,127.0.0.1",
    "[2001:DB8::1]:80,[2001:db8::1]",
    "[::1],[::1]",
    "'',''",
    "':80',''",
    ".,''",
    "[::1,[",
  })
  void hostsAreNormalised(String header, String host) {
    assertThat(HostPattern.normalize(header)).isEqualTo(host);
  }

  @Test
  void normalHostIsGivenBackAsItIs() {
    String host = "api.example.com";
    assertThat(HostPattern.normalize(host)).isSameAs(host);
  }

  @Test
  void lettersBeyondAsciiAreNotFolded() {
    assertThat(HostPattern.normalize("\u212A.example.com")).isEqualTo("\u212A.example.com");
  }

  @Test
  void wildcardTakesOneOrMoreLabels() {
    HostPattern pattern = HostPattern.parse("*.Example.com.");
    assertThat(pattern.matches("a.example.com")).isTrue();
    assertThat(pattern.matches("a.b.example.com")).isTrue();
    assertThat(pattern.matches("example.com")).isFalse();
    assertThat(pattern.matches(".example.com")).isFalse();
    assertThat(pattern.matches("aexample.com")).isFalse();
    assertThat(pattern).hasToString("*.example.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        "a.*.com",
        "*a.com",
        "a:80",
        "::1",
        "[::1",
        "[::1]:80",
        "[]",
        "[a.b]",
        "a..b",
        ".a",
        "é.com",
        "a b",
        "http://a",
        "a/b"
      })
  void badHostsAreRefusedWithWhatWasExpected(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostPattern.parse(text))
        .withMessageStartingWith("found \"" + text + "\" (expected: ");
  }

  @Test
  void lengthsAreThoseOfDns() {
    assertThat(HostPattern.parse("a".repeat(63) + ".com")).isNotNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostPattern.parse("a".repeat(64) + ".com"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostPattern.parse("a.".repeat(127) + "com"));
  }
}
