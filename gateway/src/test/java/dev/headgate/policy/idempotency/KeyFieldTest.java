package dev.headgate.policy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFieldTest {
  private static String repeated(int length) {
    return "k".repeat(length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"8e03978e-40d5-43dd-bc93-6894a57f9324\" | 8e03978e-40d5-43dd-bc93-6894a57f9324",
        "8e03978e-40d5-43dd-bc93-6894a57f9324 | 8e03978e-40d5-43dd-bc93-6894a57f9324",
        "\"a b\" | a b",
        "\"a, b; c\" | a, b; c",
        "\"say \\\"hi\\\" \\\\\" | say \"hi\" \\",
        "\"k\";p | k",
        "\"k\"; p=1;q=\"x\";r=?1;s=tok/en:x | k",
        "order:123/4+5== | order:123/4+5==",
      })
  void aStringOrATokenIsAKey(String field, String key) {
    assertThat(KeyField.key(List.of(field))).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "\"\"",
        "\"open",
        "open\"",
        "\"a\"b",
        "\"a\" \"b\"",
        "\"a\", \"b\"",
        "a,b",
        "a b",
        "a;b",
        "\"tab\there\"",
        "\"\\n\"",
        "\"é\"",
        "é",
        "\"k\";P=1",
        "\"k\";",
        "a\\b",
      })
  void anythingElseIsNone(String field) {
    assertThat(KeyField.key(List.of(field))).isNull();
  }

  @Test
  void itHasOneTo255Characters() {
    assertThat(KeyField.key(List.of("k"))).isEqualTo("k");
    assertThat(KeyField.key(List.of(repeated(255)))).hasSize(255);
    assertThat(KeyField.key(List.of(repeated(256)))).isNull();
    assertThat(KeyField.key(List.of('"' + repeated(255) + '"'))).hasSize(255);
    assertThat(KeyField.key(List.of('"' + repeated(256) + '"'))).isNull();
    // Escapes are no characters of the key.
    assertThat(KeyField.key(List.of('"' + "\\\"".repeat(255) + '"'))).hasSize(255);
  }

  @Test
  void twoLinesAreOneKeyOnlyWhereTheySayTheSame() {
    assertThat(KeyField.key(List.of("k", "\"k\""))).isEqualTo("k");
    assertThat(KeyField.key(List.of("k", "l"))).isNull();
    assertThat(KeyField.key(List.of("k", ""))).isNull();
  }

  @Test
  void noLengthOfNonsenseTakesLong() {
    assertThat(KeyField.key(List.of("\"" + "\\\\".repeat(20_000)))).isNull();
    assertThat(KeyField.key(List.of("\"k\"" + ";a".repeat(900)))).isEqualTo("k");
  }
}
