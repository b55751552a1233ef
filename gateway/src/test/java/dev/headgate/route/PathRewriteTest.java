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
          String[] named = Tables.plainPath(random).split("/", -1);
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
          PathPattern pattern = PathPattern.parse("/api/b%20c" + Tables.plainPath(random));
          String path = Tables.fitting(random, pattern);
          PathMatch match = Objects.requireNonNull(pattern.match(path));
          String stripped = PathRewrite.stripPrefix("/api/b c", pattern).apply(match);
          assertThat(path)
              .isIn("/api/b%20c" + stripped, ("/api/b%20c" + stripped).replaceAll("/$", ""));
        });
  }

  private static PathRewrite of(String template, String pattern) {
    return PathRewrite.template(template, PathPattern.parse(pattern));
  }

  @Test
  void reversesATemplateThatKeepsWhatItMatched() {
    PathRewrite users = of("/internal/users/{id}/**", "/users/{id}/**");
    assertThat(users.reverse("/internal/users/a%2fb/x//y/?".replace("?", "")))
        .isEqualTo("/users/a%2fb/x//y/");
    assertThat(users.reverse("/internal/users/5")).isEqualTo("/users/5");
    assertThat(users.reverse("/internal/users/")).isNull();
    assertThat(users.reverse("/elsewhere")).isNull();
    assertThat(of("/{b}/{a}", "/swap/{a}/{b}").reverse("/2/1")).isEqualTo("/swap/1/2");
    assertThat(of("/**", "/users/**").reverse("/")).isEqualTo("/users/");
  }

  @Test
  void doesNotReverseWhatLosesSomething() {
    assertThat(of("/fixed", "/users/**").reverse("/fixed")).isNull();
    assertThat(of("/fixed", "/users/{id}").reverse("/fixed")).isNull();
    assertThat(of("/fixed", "/users/*").reverse("/fixed")).isNull();
    assertThat(of("/{a}/{a}", "/x/{a}").reverse("/1/2")).isNull();
    assertThat(of("/{a}/{a}", "/x/{a}").reverse("/1/1")).isEqualTo("/x/1");
  }

  @Test
  void reversesAStrippedPrefixForAllTheServicesPaths() {
    PathRewrite api = PathRewrite.stripPrefix("/a b", PathPattern.parse("/a b/orders/**"));
    assertThat(api.reverse("/orders/1")).isEqualTo("/a%20b/orders/1");
    assertThat(api.reverse("/login")).isEqualTo("/a%20b/login");
    assertThat(api.reversePrefix("/")).isEqualTo("/a%20b");
    assertThat(api.reversePrefix("/x/")).isEqualTo("/a%20b/x");
  }

  @Test
  void whatIsUnchangedReversesTheRoutesOwnPathsAlone() {
    PathPattern pattern = PathPattern.parse("/a/users/*/**");
    PathRewrite users = PathRewrite.unchanged(pattern);
    assertThat(users.apply(Objects.requireNonNull(pattern.match("/a/users/1//x"))))
        .isEqualTo("/a/users/1//x");
    assertThat(users.reverse("/a/users/1//x")).isEqualTo("/a/users/1//x");
    assertThat(users.reverse("/a/users")).isNull();
    assertThat(users.reverse("/login")).isNull();
    assertThat(users.reversePrefix("/")).isEmpty();
    assertThat(users.reversePrefix("/a/")).isEqualTo("/a");
    assertThat(users.reversePrefix("/a/users/1/")).isEqualTo("/a/users/1");
    assertThat(users.reversePrefix("/login")).isNull();
  }

  @Test
  void aPrefixAboveTheTemplateCoversTheWholeRoute() {
    PathRewrite users = of("/internal/users/{id}/**", "/users/{id}/**");
    for (String above : new String[] {"/", "", "/internal", "/internal/", "/internal/users"}) {
      assertThat(users.reversePrefix(above)).as(above).isEqualTo("/users");
    }
    assertThat(users.reversePrefix("/internal/users/5/x")).isEqualTo("/users/5/x");
    assertThat(users.reversePrefix("/inter")).isNull();
    assertThat(users.reversePrefix("/other")).isNull();
    assertThat(of("/**", "/users/**").reversePrefix("/x")).isEqualTo("/users/x");
    assertThat(of("/x", "/y").reversePrefix("/x")).isEqualTo("/y");
    assertThat(of("/x", "/y").reversePrefix("/x/z")).isNull();
  }

  @Test
  void reversingWhatWasRewrittenGivesAPathThatIsRewrittenTheSame() {
    int[] reversed = new int[1];
    Property.forAll(
        5_000,
        random -> {
          PathPattern pattern = PathPattern.parse("/api" + Tables.plainPath(random));
          PathRewrite rewrite =
              Property.chance(random, 50)
                  ? PathRewrite.stripPrefix("/api", pattern)
                  : PathRewrite.template(moved(pattern), pattern);
          String path = Tables.fitting(random, pattern);
          String asked = rewrite.apply(Objects.requireNonNull(pattern.match(path)));
          String back = rewrite.reverse(asked);
          if (back != null) {
            reversed[0]++;
            PathMatch again = pattern.match(back);
            assertThat(again).as("%s by %s", back, pattern).isNotNull();
            assertThat(rewrite.apply(again)).isEqualTo(asked);
            assertThat(decoded(back)).isIn(decoded(path), decoded(path) + "/");
          }
        });
    assertThat(reversed[0]).isPositive();
  }

  /** The pattern at another place, without the segments that a template cannot name. */
  private static String moved(PathPattern pattern) {
    return "/moved" + pattern.toString().substring(4).replaceAll("/\\*(?=/|$)", "/star");
  }

  private static String decoded(String path) {
    StringBuilder out = new StringBuilder();
    for (String segment : path.split("/", -1)) {
      out.append('/').append(PercentText.canonicalOfEncoded(segment).replace("/", "%2F"));
    }
    return out.substring(1);
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
