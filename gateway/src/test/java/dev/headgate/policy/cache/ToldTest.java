package dev.headgate.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.testing.Property;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToldTest {
  private static final List<String> TEXTS =
      List.of("", "-", "--", " ", "a b", "a\nb", "%", "%2D", "+", "\u00e9", "\u20ac", "\0", "a:1");

  @Test
  void whatIsToldIsHeard() {
    Property.forAll(
        500,
        random -> {
          Purge purge =
              new Purge(
                  Property.oneOf(random, Arrays.asList(Purge.Kind.values())),
                  text(random),
                  textOrNone(random),
                  textOrNone(random),
                  random.nextBoolean());
          assertThat(Told.parse(Told.text(purge))).isEqualTo(purge);
        });
  }

  /** A line of ASCII, however much of what. */
  @Test
  void itIsFiveWordsOnOneLine() {
    Property.forAll(
        500,
        random -> {
          Purge purge = Purge.url(text(random), text(random), textOrNone(random), false);
          assertThat(Told.text(purge)).matches("[!-~]+ [01] [!-~]* [!-~]* [!-~]*");
        });
  }

  private static String text(Random random) {
    return Property.oneOf(random, TEXTS) + Property.oneOf(random, TEXTS);
  }

  private static @Nullable String textOrNone(Random random) {
    return Property.chance(random, 30) ? null : text(random);
  }

  @Test
  void aDashIsNotNothing() {
    Purge dash = Purge.url("-", "-", "-", false);

    assertThat(Told.parse(Told.text(dash))).isEqualTo(dash);
    assertThat(Told.text(dash)).isNotEqualTo(Told.text(Purge.url("-", "-", null, false)));
  }

  @Test
  void whatAnswersAreHeldAgainstIsItsBeginning() {
    Purge tag = Purge.tag("red shoes", true);

    assertThat(Told.text(tag)).startsWith(Told.held(tag) + " ");
    assertThat(Told.held(tag))
        .isNotEqualTo(Told.held(Purge.tag("red shoes", false)))
        .isNotEqualTo(Told.held(Purge.route("red shoes", true)))
        .isNotEqualTo(Told.held(Purge.tag("red", true)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "TAG 0 red -",
        "TAG 0 red - - -",
        "tag 0 red - -",
        "OTHER 0 red - -",
        "TAG 0 %zz - -",
        "TAG 0 % - -",
      })
  void whatIsNotThatIsRefused(String text) {
    assertThatThrownBy(() -> Told.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
