package dev.headgate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryNamesTest {
  @ParameterizedTest
  @CsvSource({
    ", /p",
    "'', /p?",
    "a, /p?a",
    "a=1, /p?a=*",
    "a=, /p?a=*",
    "a=1&b=2, /p?a=*&b=*",
    "a=1=2&b, /p?a=*&b",
    "a&&b=secret?&c, /p?a&&b=*&c",
    "=secret, /p?=*",
    "a=1;b=2, /p?a=*"
  })
  void showsNamesOnly(@Nullable String query, String shown) {
    assertThat(QueryNames.only("/p", query)).isEqualTo(shown);
  }
}
