package dev.headgate.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/.",
        "/..",
        "/a/./b",
        "/a/../b",
        "/%2e",
        "/.%2E/",
        "/%2e%2e/x",
        "/a/..;x/b",
        "/a/.%3bx",
        "/..;"
      })
  void dotSegmentsAreRefusedInEveryEncoding(String path) {
    assertThat(RequestPath.problem(path)).contains("dot segment");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a\\b", "/%5c..", "/a%5Cb"})
  void backslashesAreRefused(String path) {
    assertThat(RequestPath.problem(path)).contains("backslash");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a\0", "/a%00b"})
  void nulIsRefused(String path) {
    assertThat(RequestPath.problem(path)).contains("NUL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%", "/%2", "/a%zz", "/%2/", "/%-1", "/%+1"})
  void malformedEncodingsAreRefused(String path) {
    assertThat(RequestPath.problem(path)).contains("hex digits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a b", "/a\t", "/\u007f", "/\u00e9", "/\u20ac", "/a#b", "", "a", "*"})
  void whatNoRequestTargetHoldsIsRefused(String path) {
    assertThat(RequestPath.problem(path)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "//",
        "/a/",
        "/...",
        "/.a",
        "/a..",
        "/..a",
        "/%2e%2e%2e",
        "/a%2Fb",
        "/%252e%252e/",
        "/a;b=.",
        "/{x}|^`\"<>",
        "/%C3%A9",
        "/;/x"
      })
  void soundPathsPass(String path) {
    assertThat(RequestPath.problem(path)).isNull();
  }

  @Test
  void verdictIsThatOfDecodingFirst() {
    List<String> pieces =
        List.of(
            "/", ".", "%2e", "%2E", "a", ";", "%3B", "%5c", "\\", "%00", "%", "%2", "\u0080", " ");
    // The last ones spoil nearly every path: keep them rare.
    Property.forAll(
        20_000,
        random -> {
          StringBuilder path = new StringBuilder("/");
          for (int i = random.nextInt(8); i > 0; i--) {
            path.append(pieces.get(random.nextInt(Property.chance(random, 5) ? pieces.size() : 7)));
          }
          assertThat(RequestPath.problem(path.toString()) != null)
              .as("%s", path)
              .isEqualTo(refused(path.toString()));
        });
  }

  private static boolean refused(String path) {
    if (Pattern.compile("%(?![0-9A-Fa-f]{2})|[^!-~]|\\\\|%00|%5c", Pattern.CASE_INSENSITIVE)
        .matcher(path)
        .find()) {
      return true;
    }
    for (String segment : path.split("/", -1)) {
      String name = NaiveMatcher.decode(segment, false).replaceAll(";.*", "");
      if (name.equals(".") || name.equals("..")) {
        return true;
      }
    }
    return false;
  }
}
