package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.fields;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetedTest {
  private static @Nullable Directives read(String... values) {
    HttpHeaders headers = fields();
    for (String value : values) {
      headers.add(Targeted.FIELD, value);
    }
    return Targeted.of(headers);
  }

  private static Directives said(String... values) {
    return Objects.requireNonNull(read(values));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "max-age=60 | 60",
        "max-age=60;x=1;y | 60",
        "public, max-age=60 | 60",
        "max-age=999999999999999 | 2147483648",
        // RFC 8941 section 3.2: of a name that stands twice the last counts.
        "max-age=60, max-age=5 | 5",
        "max-age=0 | 0",
        "max-age=-1 | -2",
        "public | -1",
        // What is no number makes stale, as in Cache-Control.
        "max-age=\"60\" | -2",
        "max-age=1.5 | -2",
        "max-age=a60 | -2",
        "max-age | -2",
        "max-age=?0 | -2",
        "max-age=(60) | -2",
      })
  void aNumberOfSecondsIsAnInteger(String field, long seconds) {
    assertThat(said(field).seconds("max-age")).isEqualTo(seconds);
  }

  // RFC 9213 section 2.1: no dictionary, or an empty one, is as if the field were not there.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "&&&",
        "max-age=",
        "max-age=60,",
        "max-age=60, &",
        "Max-Age=60",
        "max-age = 60",
        "no-store, no-cache=\"x",
        "max-age=1000000000000000",
        "é",
        "max-age=\"é\"",
      })
  void whatIsNoDictionaryIsNotThere(String field) {
    assertThat(read(field)).isNull();
  }

  @Test
  void noFieldIsNotThere() {
    assertThat(Targeted.of(fields("cache-control: no-store"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "private",
        "private=?1",
        "private;x=1",
        "max-age=60, private",
        // Of a type that it does not have, it still forbids.
        "private=1",
        "private=(a b)",
        "private=1.5",
        "private=:YQ==:",
        "private=\"\"",
      })
  void whatForbidsForbids(String field) {
    assertThat(said(field).unqualified("private")).isTrue();
  }

  @Test
  void falseIsNotSaid() {
    assertThat(said("no-store=?0, max-age=60").has("no-store")).isFalse();
  }

  @Test
  void fieldsAreNamedByAStringOrAToken() {
    assertThat(said("private=\"A, b\"").fields("private")).containsExactly("a", "b");
    assertThat(said("no-cache=set-cookie").fields("no-cache")).containsExactly("set-cookie");
    assertThat(said("no-cache=set-cookie").unqualified("no-cache")).isFalse();
  }

  @Test
  void linesAreOneDictionary() {
    Directives said = said("max-age=60", "public", "max-age=5");

    assertThat(said.seconds("max-age")).isEqualTo(5);
    assertThat(said.has("public")).isTrue();
    assertThat(read("max-age=60", "&")).isNull();
  }
}
