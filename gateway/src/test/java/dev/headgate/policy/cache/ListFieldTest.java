package dev.headgate.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListFieldTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a | a",
        "a,b | a;b",
        " a ,\tb | a;b",
        ",a,,b, | a;b",
        "\"a,b\",c | \"a,b\";c",
        "x=\"a,b\",c | x=\"a,b\";c",
        "\"a\\\",b\",c | \"a\\\",b\";c",
        "\"a\\\\\",b | \"a\\\\\";b",
        "a\\,b | a\\;b",
        // No quoted string, since it has no end.
        "\"a,b | \"a;b",
        "a\",b,c | a\";b;c",
        "\"a\",\"b,c | \"a\";\"b;c",
        "\"a\\\",b | \"a\\\";b",
      })
  void commasSplitOutsideOfQuotes(String line, String members) {
    assertThat(ListField.members(line)).containsExactly(members.split(";", -1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ",", " , ,\t"})
  void emptyMembersAreNone(String line) {
    assertThat(ListField.members(line)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a | a",
        "\"a\" | a",
        "\"a b\" | a b",
        "\"a\\\"b\" | a\"b",
        "\"a\\b\" | ab",
        "\"\\\\\" | \\",
      })
  void quotesAreTakenOff(String text, String content) {
    assertThat(ListField.unquoted(text)).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"", "\"a", "a\"", "a\"b", "\"a\"b", "\"a\"b\"", "\"a\\\"", "\"\\\""})
  void quotesOutOfOrderAreNone(String text) {
    assertThat(ListField.unquoted(text)).isNull();
  }

  @Test
  void whatIsQuotedAndJoinedComesBack() {
    Property.forAll(
        2_000,
        random -> {
          List<String> texts = new ArrayList<>();
          List<String> quoted = new ArrayList<>();
          for (int i = random.nextInt(6); i > 0; i--) {
            String text = text(random);
            texts.add(text);
            quoted.add('"' + text.replaceAll("[\"\\\\]", "\\\\$0") + '"');
          }

          List<String> members =
              ListField.members(
                  String.join(Property.oneOf(random, List.of(",", " , ", ",,")), quoted));

          assertThat(members).isEqualTo(quoted);
          assertThat(members.stream().map(ListField::unquoted)).isEqualTo(texts);
        });
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.append("a,\"\\ b=;".charAt(random.nextInt(8)));
    }
    return text.toString();
  }
}
