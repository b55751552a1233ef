package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "Example.COM",
        "example.com.",
        "a_b-c~d",
        "a!$&'()*+;=b",
        "a:",
        "a:0",
        "a:65535",
        "127.0.0.1:80",
        "[::]",
        "[::1]:80",
        "[::1]:",
        "[2001:db8:0:0:0:0:2:1]",
        "[::ffff:127.0.0.1]:8080"
      })
  void takesAHostWithAnOptionalPort(String text) {
    assertThat(Authority.valid(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":80",
        "a,b",
        "a b",
        "a/b",
        "a?b",
        "a#b",
        "u@a",
        "u:p@a",
        "a:b",
        "a:+1",
        "a:-1",
        "a:65536",
        "a:000080",
        "a:80:81",
        "a: 80",
        "%61",
        "a%00",
        "\"a\"",
        "a\\b",
        "caf\u00e9",
        "::1",
        "[",
        "[]",
        "[]:80",
        "[::1",
        "::1]",
        "[::1]a",
        "[::1]80",
        "a[::1]",
        "[::1][::2]",
        "[::g]",
        "[1:2:3]",
        "[1:2:3:4:5:6:7:8:9]",
        "[1::2::3]",
        "[12345::]",
        "[:::1]",
        "[127.0.0.1]",
        "[::ffff:1.2.3.256]",
        "[fe80::1%eth0]",
        "[fe80::1%25eth0]",
        "[v1.a]"
      })
  void refusesEverythingElse(String text) {
    assertThat(Authority.valid(text)).isFalse();
  }
}
