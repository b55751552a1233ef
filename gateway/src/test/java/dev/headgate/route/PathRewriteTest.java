package dev.headgate.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headgate.testing.Property;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PathRewriteTest {

  private static PathMatch match(String pattern, String path) {
    return Objects.requireNonNull(PathPattern.parse(pattern).match(path));
  }

  private static String template(String template, String pattern, String path) {
    return PathRewrite.template(template, PathPattern.parse(pattern)).apply(match(pattern, path));
  }

  private static String strip(String prefix, String pattern, String path) {
    return PathRewrite.stripPrefix(prefix, PathPattern.parse(pattern)).apply(match(pattern, path));
  }

  @Test
  void templateTakesCapturesByteForByte() {
    assertThat(template("/internal/users/{id}/**", "/users/{id}/**", "/users/a%2fb%7E/x//y/"))
        .isEqualTo("/internal/users/a%2fb%7E/x//y/");
    assertThat(template("/i/{id}/**", "/users/{id}/**", "/users/5")).isEqualTo("/i/5");
    assertThat(template("/i/{id}/**", "/users/{id}/**", "/users/5/")).isEqualTo("/i/5/");
    assertThat(template("/{b}/{a}/{b}/", "/{a}/{b}", "/1/2")).isEqualTo("/2/1/2/");
  }

  @Test
  void templateMayDropTheRestAndNeverYieldsNothing() {
    assertThat(template("/fixed", "/users/**", "/users/1/2")).isEqualTo("/fixed");
    assertThat(template("/**", "/users/**", "/users")).isEqualTo("/");
    assertThat(template("/**", "/users/**", "/users/1")).isEqualTo("/1");
    assertThat(template("/", "/users", "/users")).isEqualTo("/");
  }

  @Test
  void templateLiteralsAreEncodedAndKeepTheirEncodings() {
    assertThat(template("/a b/é/x%2fy/(z)", "/p", "/p")).isEqualTo("/a%20b/%C3%A9/x%2fy/(z)");
  }

  @Test
  void stripPrefixTakesWholeSegmentsHoweverTheClientEncodedThem() {
    assertThat(strip("/api", "/api/**", "/api/users/")).isEqualTo("/users/");
    assertThat(strip("/api", "/api/**", "/%61pi")).isEqualTo("/");
    assertThat(strip("/api", "/api/**", "/api/")).isEqualTo("/");
    assertThat(strip("/api/v1", "/api/v1/{id}", "/api/v1/a%2Fb")).isEqualTo("/a%2Fb");
    assertThat(strip("/api", "/api", "/api")).isEqualTo("/");
  }

  @Test
  void badTemplatesAreRefusedWithWhatWasExpected() {
    refusesTemplate("/x/{nope}", "/users/{id}", "{nope}");
    refusesTemplate("/x/**", "/users/{id}", "no '**'");
    refusesTemplate("/x/*", "/users/*", "literal text, {variable}");
    refusesTemplate("x", "/users", "starts with '/'");
  }

  @Test
  void badPrefixesAreRefusedWithWhatWasExpected() {
    refusesPrefix("/ap", "/api/**");
    refusesPrefix("/api/", "/api/**");
    refusesPrefix("/", "/**");
    refusesPrefix("/api/{v}", "/api/{v}/x");
    refusesPrefix("/api/v1", "/api/**");
    refusesPrefix("/api/v1", "/api/{v}");
    refusesPrefix("/**", "/**");
    refusesPrefix("/api/v1/x", "/api/v1");
  }

  @Test
  void rewritingToTheSameTemplateChangesNothing() {
    Property.forAll(
        5_000,
        random -> {
          // A template knows no '*': name what it captures.
          String[] named = Tables.path(random).split("/", -1);
          for (int i = 0; i < named.length; i++) {
            named[i] = named[i].equals("*") ? "{star" + i + "}" : named[i];
          }
          PathPattern pattern = PathPattern.parse(String.join("/", named));
          String path = Tables.fitting(random, pattern);
          PathMatch match = Objects.requireNonNull(pattern.match(path), path + " by " + pattern);
          assertThat(PathRewrite.template(pattern.toString(), pattern).apply(match))
              .isEqualTo(path);
        });
  }

  @Test
  void prefixAndWhatStrippingItLeavesAreThePath() {
    Property.forAll(
        5_000,
        random -> {
          PathPattern pattern = PathPattern.parse("/api/b%20c" + Tables.path(random));
          String path = Tables.fitting(random, pattern);
          PathMatch match = Objects.requireNonNull(pattern.match(path));
          String stripped = PathRewrite.stripPrefix("/api/b c", pattern).apply(match);
          assertThat(path)
              .isIn("/api/b%20c" + stripped, ("/api/b%20c" + stripped).replaceAll("/$", ""));
        });
  }

  private static void refusesTemplate(String template, String pattern, String expected) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathRewrite.template(template, PathPattern.parse(pattern)))
        .withMessageStartingWith("found \"")
        .withMessageContaining(expected);
  }

  private static void refusesPrefix(String prefix, String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathRewrite.stripPrefix(prefix, PathPattern.parse(pattern)))
        .withMessageStartingWith("found \"" + prefix)
        .withMessageContaining("(expected: ");
  }
}
