package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.fields;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaryTest {
  private static final List<String> NAMES = List.of("accept-language", "accept", "cookie", "x-a");
  private static final List<String> MEMBERS =
      List.of("en", "de;q=0.5", "text/html", "a=\"x, y\"", "*", "\"z\"");

  @Test
  void namesAreOneListWithoutCase() {
    assertThat(Vary.of(fields("vary: Accept, x-a", "vary: ,ACCEPT,,")))
        .containsExactly("accept", "x-a");
    assertThat(Vary.of(fields("x: y"))).isEmpty();
    assertThat(Vary.of(fields("vary: "))).isEmpty();
    assertThat(Vary.of(fields("vary: accept, *"))).contains("*");
  }

  // RFC 9111 section 4.1.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "x-a: 1 | x-a: 1 | true",
        "x-a: 1 | X-A: 1 | true",
        "x-a: 1 | x-a: 2 | false",
        "x-a: a | x-a: A | false",
        "x-a: a b | x-a: ab | false",
        "x-a: a, b | x-a: a,b | true",
        "x-a: a, b | x-a: b, a | false",
        "x-a: \"a,b\" | x-a: \"a, b\" | false",
        "x-a: 1 | y: 1 | false",
        "y: 1 | x-a: 1 | false",
        "y: 1 | y: 2 | true",
        "x-a: | y: 1 | false",
        "y: 1 | x-a: | false",
        "accept-language: en, de | accept-language: DE,en | true",
        "accept-language: en;q=0.5 | accept-language: en; q=0.5 | true",
        "accept-language: en;q=0.5, de | accept-language: en, de;q=0.5 | false",
        "accept-language: en | accept-language: en, en | false",
        "accept: a/b, c/d | accept: c/d, a/b | false",
      })
  void anotherRequestMatchesByTheFieldsNamed(String first, String second, boolean matches) {
    List<String> names = List.of("accept", "accept-language", "x-a");

    assertThat(Vary.of(names, fields(first)).matches(fields(second))).isEqualTo(matches);
    assertThat(Vary.of(names, fields(second)).matches(fields(first))).isEqualTo(matches);
  }

  @Test
  void whatNothingSelectedMatchesAll() {
    assertThat(Vary.of(List.of(), fields("x-a: 1")).matches(fields())).isTrue();
  }

  @Test
  void howAListIsWrittenDoesNotMatter() {
    Property.forAll(
        2_000,
        random -> {
          HttpHeaders one = fields();
          HttpHeaders other = fields();
          for (String name : NAMES) {
            if (Property.chance(random, 70)) {
              write(random, name, one, other);
            }
          }

          Vary vary = Vary.of(NAMES, one);

          assertThat(vary.matches(one)).isTrue();
          assertThat(vary.matches(other)).isTrue();
          assertThat(Vary.of(NAMES, other)).isEqualTo(vary);
          other.add(Property.oneOf(random, NAMES), "another");
          assertThat(vary.matches(other)).isFalse();
        });
  }

  /** The same members, over other lines and with other spaces. */
  private static void write(Random random, String name, HttpHeaders one, HttpHeaders other) {
    StringBuilder first = new StringBuilder();
    StringBuilder second = new StringBuilder();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      String member = Property.oneOf(random, MEMBERS);
      first.append(member);
      second.append(member);
      if (i > 1) {
        split(random, name, first, one);
        split(random, name, second, other);
      }
    }
    one.add(name, first.toString());
    other.add(name, second.toString());
  }

  private static void split(Random random, String name, StringBuilder line, HttpHeaders to) {
    if (Property.chance(random, 40)) {
      to.add(name, line.toString());
      line.setLength(0);
    } else {
      line.append(Property.oneOf(random, List.of(",", ", ", " ,", "\t,\t", ",,")));
    }
  }
}
